from django.apps import AppConfig


class ModerationConfig(AppConfig):
    """Reports, cases, decisions, appeals: keeping groups safe without learning who anyone is."""

    name = "moderation"
