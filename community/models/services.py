"""Support services by region."""

from __future__ import annotations

from django.db import models

from core.models import RandomKeyModel


class Region(RandomKeyModel):
    """A place that services serve: an ISO code and a plain name."""

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=80)


class Service(RandomKeyModel):
    """One support service, with where its facts come from and the day they were last checked."""

    region = models.ForeignKey(Region, on_delete=models.CASCADE, related_name="services")
    name = models.CharField(max_length=120)
    what_for = models.CharField(max_length=200)
    languages = models.CharField(max_length=120)
    hours = models.CharField(max_length=200)
    channels = models.CharField(max_length=60)
    phone = models.CharField(max_length=60, blank=True)
    text_number = models.CharField(max_length=120, blank=True)
    website = models.URLField(max_length=300, blank=True)
    cost = models.CharField(max_length=80, blank=True)
    verified_on = models.DateField(null=True, blank=True)
    source = models.URLField(max_length=400, blank=True)
    position = models.PositiveIntegerField(default=0)  # the order of the file: whoever keeps it decides

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "name"], name="service_once_in_a_region")]
