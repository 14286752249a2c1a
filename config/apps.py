from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Commands that start Kith, and the registered duties."""

    name = "config"
