from django.db import models


class Product(models.Model):
    name = models.CharField(max_length=200)
    price_amount = models.DecimalField(max_digits=12, decimal_places=2)
    weight_grams = models.PositiveIntegerField(null=True)
