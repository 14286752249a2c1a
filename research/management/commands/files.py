"""`manage.py files`: make the files that wait to be made, and end. The ticker starts it; by hand it does no harm."""

from __future__ import annotations

import os
from typing import Any

from django.core.management.base import BaseCommand

from research.actions import making


class Command(BaseCommand):
    """Make every study file that was asked for."""

    help = "Make the study files that wait to be made."

    def handle(self, *args: Any, **options: Any) -> None:
        os.nice(10)  # pages come first
        making.make_wanted()
