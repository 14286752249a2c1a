"""docker-compose.yml, the Dockerfile and what they name fit each other, and keep apart what is promised to be apart."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands
from granian.cli import cli as granian

from tests.architecture.house import tracked

ROOT = Path(settings.BASE_DIR)
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
KITH = {name for name, service in SERVICES.items() if service.get("image") == "kith"}
DOCKERFILE = (ROOT / "Dockerfile").read_text()
IGNORED = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
LET_IN = {line[1:] for line in IGNORED if line.startswith("!")}
# Folders and files at the top that no image needs. A new one belongs here or into .dockerignore.
LEFT_OUT = {
    ".ci", ".dockerignore", ".env.example", ".gitignore", ".importlinter", "CHANGELOG.md", "CONTRIBUTING.md",
    "Dockerfile", "Makefile", "README.md", "SECURITY.md", "bench", "docker-compose.yml", "proof", "pyproject.toml",
    "tests",
}  # fmt: skip
# Settings that Compose does not hand on: where things lie is the image's, and the rest must not be set there.
NOT_HANDED_ON = {
    "KITH_DEBUG", "KITH_DEMO", "KITH_ERASURES", "KITH_FACT_KINDS", "KITH_KEY_RING", "KITH_RECORD", "KITH_VAR",
}  # fmt: skip


def known_settings() -> set[str]:
    """The settings that Kith reads."""
    return set(re.findall(r'env\.\w+\("(KITH_\w+)"', (ROOT / "config/settings.py").read_text()))


def named(service: dict[str, Any], part: str) -> set[str]:
    """The networks, secrets or named volumes of a service."""
    return {str(name).split(":")[0] for name in service.get(part, [])}


def is_let_in(path: str) -> bool:
    """Whether a file of the checkout gets into an image."""
    parts = Path(path).parts
    return any("/".join(parts[:count]) in LET_IN for count in range(1, len(parts) + 1))


def port_of(name: str) -> str:
    (port,) = [part.partition("=")[2] for part in SERVICES[name]["command"] if part.startswith("--port=")]
    return str(port)


@pytest.mark.parametrize("part", ["networks", "secrets", "volumes"])
def test_what_a_service_names_is_declared_and_all_that_is_declared_is_used(part: str) -> None:
    used = {name for service in SERVICES.values() for name in named(service, part)}
    assert used == set(COMPOSE[part])


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_service_waits_for_can_come_about(name: str) -> None:
    for other, how in SERVICES[name].get("depends_on", {}).items():
        if how["condition"] == "service_healthy":
            assert SERVICES[other]["healthcheck"]
        else:
            assert how["condition"] == "service_completed_successfully"
            assert SERVICES[other]["restart"] == "no"


@pytest.mark.parametrize("name", sorted(KITH))
def test_a_command_is_one_of_ours_and_knows_its_options(name: str) -> None:
    program, *words = SERVICES[name]["command"]
    if program == "granian":
        known = {
            option for parameter in granian.params for option in (*parameter.opts, *parameter.secondary_opts)
        }
        assert words.pop() == "config.wsgi:application"
        assert {word.split("=")[0] for word in words} <= known
    elif words[0] == "-m":
        assert (ROOT / (words[1].replace(".", "/") + ".py")).is_file()
        assert {word.split("=")[0] for word in words[2:]} == {"--host", "--port"}
    else:
        assert words[0] == "manage.py"
        assert words[1] in get_commands()


def test_settings_are_those_that_kith_reads_and_the_manual_explains() -> None:
    given = {name.removesuffix("_FILE") for kith in KITH for name in SERVICES[kith]["environment"]}
    assert given == known_settings() - NOT_HANDED_ON
    asked = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
    assert {"SITE_HOST", "WEB_WORKERS"} <= asked
    manual = (ROOT / "docs/operating.md").read_text()
    assert not {name for name in asked if f"`{name}`" not in manual}
    example = re.findall(r"^(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert set(example) <= asked


def test_secrets_are_made_as_the_services_expect_them(tmp_path: Path) -> None:
    shutil.copy(ROOT / "deploy/make-secrets", tmp_path)
    subprocess.run([tmp_path / "make-secrets"], check=True, capture_output=True)
    made = {f"deploy/{path.relative_to(tmp_path)}": path for path in (tmp_path / "secrets").iterdir()}
    assert set(made) == {secret["file"] for secret in COMPOSE["secrets"].values()}
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    to_fill_in = made.pop("deploy/secrets/mail_password")
    assert (to_fill_in.read_text(), to_fill_in.stat().st_mode & 0o777) == ("", 0o644)
    assert {path.stat().st_mode & 0o777 for path in made.values()} == {0o444}  # for the containers' own users
    password = made["deploy/secrets/postgres_password"].read_text()
    database = SERVICES["postgres"]["environment"]
    url = f"postgresql://{database['POSTGRES_USER']}:{password}@postgres:5432/{database['POSTGRES_DB']}"
    assert made["deploy/secrets/database_url"].read_text() == url
    assert subprocess.run([tmp_path / "make-secrets"], check=False, capture_output=True).returncode == 1
    assert made["deploy/secrets/postgres_password"].read_text() == password


def test_a_file_named_as_a_secret_is_one_the_service_has() -> None:
    for service in SERVICES.values():
        files = {
            value for value in service.get("environment", {}).values() if value.startswith("/run/secrets/")
        }
        assert {Path(value).name for value in files} == named(service, "secrets")


def test_no_secret_is_handed_on_as_a_word() -> None:
    secret = {"KITH_DATABASE_URL", "KITH_SECRET_KEY", "KITH_MAIL_PASSWORD"}
    given = {name for service in SERVICES.values() for name in service.get("environment", {})}
    assert not given & (secret | {"POSTGRES_PASSWORD", "PGPASSWORD"})
    assert {f"{name}_FILE" for name in secret} <= given
    with_mail = {name for name, service in SERVICES.items() if "mail_password" in named(service, "secrets")}
    assert with_mail == {"web", "worker"}  # these two send


def test_only_the_proxy_reaches_the_outside_and_is_reached_from_there() -> None:
    outside = {name for name, network in COMPOSE["networks"].items() if not (network or {}).get("internal")}
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"proxy"}
    assert {name for name, service in SERVICES.items() if named(service, "networks") & outside} == {"proxy"}
    assert not [
        name for name, service in SERVICES.items() if not service.get("networks")
    ]  # that would be the outside
    assert not named(SERVICES["proxy"], "networks") & named(SERVICES["postgres"], "networks")


def test_the_key_ring_is_where_it_is_needed_and_never_beside_a_backup() -> None:
    with_ring = {name for name, service in SERVICES.items() if "key_ring" in named(service, "volumes")}
    assert with_ring == {"ready", "web", "worker"}
    (at,) = {volume.partition(":")[2] for name in with_ring for volume in SERVICES[name]["volumes"]}
    assert f"KITH_KEY_RING={at}/ring.json" in DOCKERFILE
    with_backups = {name for name, service in SERVICES.items() if "backups" in named(service, "volumes")}
    assert with_backups == {"backup", "restore"}


@pytest.mark.parametrize("name", sorted(KITH | {"backup", "restore"}))
def test_ours_run_without_any_capability(name: str) -> None:
    assert SERVICES[name]["cap_drop"] == ["ALL"]
    assert SERVICES[name]["security_opt"] == ["no-new-privileges:true"]
    assert "cap_add" not in SERVICES[name]
    if name in KITH - {"ready"}:
        assert SERVICES[name]["read_only"] is True


def test_a_shell_that_runs_for_ever_ends_when_told_to() -> None:
    assert SERVICES["backup"]["init"] is True  # as the first process of all it would hear no signal
    assert (
        SERVICES["backup"]["stop_signal"] == "SIGTERM"
    )  # the image says SIGINT, for which it would wait for `sleep`


def test_each_image_of_ours_is_built_by_one_service_and_fetched_by_none() -> None:
    """Two builds of one name at the same moment end an `up` on a machine that has no such image yet."""
    ours = [service for service in SERVICES.values() if str(service["image"]).startswith("kith")]
    for image in {service["image"] for service in ours}:
        alike = [service for service in ours if service["image"] == image]
        assert sum("build" in service for service in alike) == 1
        assert all("build" in service or service["pull_policy"] == "never" for service in alike)


def test_what_the_images_copy_is_there_and_let_in() -> None:
    copied = [word for line in re.findall(r"^COPY (?!--from)(.*)$", DOCKERFILE, re.MULTILINE)
              for word in line.split()[:-1] if not word.startswith("--")]  # fmt: skip
    assert "deploy/backup.sh" in copied
    assert not {path for path in copied if not (ROOT / path).exists()}
    assert not {path for path in copied if path != "." and not is_let_in(path)}
    stages = set(re.findall(r"^FROM \S+ AS (\w+)$", DOCKERFILE, re.MULTILINE))
    assert {
        service["build"]["target"] for service in SERVICES.values() if isinstance(service.get("build"), dict)
    } < stages
    scripts = {service["entrypoint"][0] for service in SERVICES.values() if "entrypoint" in service}
    assert scripts == {"/deploy/backup.sh", "/deploy/restore.sh"}


def test_an_image_holds_what_kith_runs_on_and_nothing_that_happens_to_lie_there() -> None:
    assert IGNORED[0] == "*"  # all stays out but what is named
    assert not [path for path in LET_IN if not (ROOT / path).exists()]
    assert not [path for path in ("deploy", "docs", "requirements", ".") if path in LET_IN]
    for path in (
        ".env",
        "ring.json",
        "ring.part",
        "kith-2026-11-22.sql.gz",
        "deploy/secrets/secret_key",
        "var/x",
        ".git/x",
    ):
        assert not is_let_in(path)
    top = {Path(path).parts[0] for path in tracked()}
    partly = {"deploy", "docs", "requirements"}
    assert top == LEFT_OUT | partly | {path for path in LET_IN if "/" not in path}
    assert {SERVICES["web"]["healthcheck"]["test"][2], SERVICES["live"]["healthcheck"]["test"][2]} <= LET_IN


def test_the_proxy_asks_the_ports_that_are_served() -> None:
    caddyfile = (ROOT / "deploy/Caddyfile").read_text()
    asked = set(re.findall(r"reverse_proxy (\w+):(\d+)", caddyfile))
    assert asked == {("web", port_of("web")), ("live", port_of("live"))}
    assert "{$SITE_HOST}" in caddyfile
    assert "SITE_HOST" in SERVICES["proxy"]["environment"]
    for name in ("web", "live"):
        assert SERVICES[name]["healthcheck"]["test"][-1] == port_of(name)
        assert named(SERVICES[name], "networks") & named(SERVICES["proxy"], "networks")
