#!/usr/bin/env python
"""Kith's command line: `manage.py help` lists the commands."""

import os
import sys

from django.core.management import execute_from_command_line

from config.environment import BadSetting, require_site

os.umask(0o077)  # what Kith writes, the database first of all, is for its own user alone

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        require_site(sys.argv[1:])
        execute_from_command_line(sys.argv)
    except BadSetting as wrong:
        sys.stderr.write(f"{wrong}\n")
        sys.exit(2)
