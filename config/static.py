"""Static files: small, packed, and under names that change with what they hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import rjsmin
from django.contrib.staticfiles.finders import AppDirectoriesFinder
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # WhiteNoise is untyped
    """Scripts lose their comments, and imports between modules lead to the hashed names, so that no old
    module is mixed with a new one."""

    support_js_module_import_aggregation = True

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Minify what was collected, then name and pack it."""
        for name in list(paths) if not dry_run else ():
            if name.endswith(".js"):
                script = Path(self.path(name))
                script.write_text(rjsmin.jsmin(script.read_text("utf-8")), "utf-8")
                paths[name] = (self, name)  # read it from here, not from the source
        yield from super().post_process(paths, dry_run, **options)


class Libraries(AppDirectoriesFinder):
    """The few files that our pages use of those that packages bring along."""

    USED = frozenset({"django_htmx/htmx-2.min.js"})

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[Any]:
        """The used files and where they lie."""
        return (found for found in super().list(ignore_patterns) if found[0] in self.USED)

    def find_in_app(self, app: str, path: str) -> Any:
        """A used file of a package, or nothing."""
        return super().find_in_app(app, path) if path in self.USED else None
