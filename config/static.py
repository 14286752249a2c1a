"""Static files: packed, and under names that change with what they hold, modules that import each other too."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # WhiteNoise is untyped
    """Imports between modules lead to the hashed names, so that no old module is mixed with a new one."""

    support_js_module_import_aggregation = True
