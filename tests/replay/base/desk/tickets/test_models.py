from tickets.models import occupancy


def test_half_sold():
    assert occupancy(20, 40) == 0.5


def test_no_seats_is_full():
    assert occupancy(0, 0) == 1.0
