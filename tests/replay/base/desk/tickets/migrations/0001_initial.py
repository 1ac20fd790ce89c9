from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Ticket",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("crossing", models.UUIDField()),
                ("passenger", models.CharField(max_length=120)),
                ("sold_at", models.DateTimeField(auto_now_add=True)),
            ],
        )
    ]
