from django.db import models


class Ticket(models.Model):
    crossing = models.UUIDField()
    passenger = models.CharField(max_length=120)
    sold_at = models.DateTimeField(auto_now_add=True)


def occupancy(sold: int, seats: int) -> float:
    return 1.0 if seats == 0 else sold / seats
