"""The mails that Kith sends. Each is the same words for everyone, and says nothing about anybody."""

from __future__ import annotations

import logging
import smtplib
from email.utils import make_msgid

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

logger = logging.getLogger("kith.mail")


def is_set_up() -> bool:
    """Whether whoever runs the site named a mail server."""
    return bool(settings.KITH_MAIL_HOST)


def send(template: str, *, to: str, **given: str) -> bool:
    """Send a text whose first line is the subject. False if the mail server did not take it."""
    if not is_set_up():
        return False
    subject, _, body = render_to_string(template, given).strip().partition("\n")
    number = make_msgid(domain=settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(" >"))
    message = EmailMessage(subject, body.strip() + "\n", to=[to], headers={"Message-ID": number})
    try:
        return message.send() == 1
    except (OSError, smtplib.SMTPException) as error:  # the type alone is safe to log
        logger.error("a mail ended with %s", type(error).__name__)
        return False
