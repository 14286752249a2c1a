from django.apps import AppConfig


class ResearchConfig(AppConfig):
    """Pilot studies with consent, and what leaves them."""

    name = "research"
