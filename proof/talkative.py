"""Kith's settings with one defence of the logs taken away, which PROOF_WITHOUT names: for processes of proof.logged."""

from __future__ import annotations

import os

import uvicorn.config

from config import live
from config.settings import *  # noqa: F403 all of the real ones
from config.settings import LOGGING
from core import ratelimit

WITHOUT = os.environ.get("PROOF_WITHOUT", "")
if WITHOUT == "the filter":
    LOGGING["formatters"] = {"plain": {"format": "%(levelname)s %(name)s %(message)s"}}
if WITHOUT == "no access log":
    LOGGING["loggers"]["uvicorn"]["level"] = "INFO"
    before = live.options
    live.options = lambda: {**before(), "access_log": True, "log_config": uvicorn.config.LOGGING_CONFIG}
if WITHOUT == "keys that name nobody":
    ratelimit._name = lambda _key, parts: "|".join(parts).encode()
