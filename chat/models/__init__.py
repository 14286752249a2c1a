"""Rows of talk."""

from chat.models.blocks import Block, Mute
from chat.models.bylines import Alias, Byline
from chat.models.labels import Dispute, Label
from chat.models.posts import Post, Reaction, ReadMark, Thanks
from chat.models.proposals import Proposal
from chat.models.rhythm import GroupRhythm
from chat.models.statements import Signing, Statement
from chat.models.threads import GroupActivity, Thread, ThreadEvent

__all__ = [
    "Alias",
    "Block",
    "Byline",
    "Dispute",
    "GroupActivity",
    "GroupRhythm",
    "Label",
    "Mute",
    "Post",
    "Proposal",
    "Reaction",
    "ReadMark",
    "Signing",
    "Statement",
    "Thanks",
    "Thread",
    "ThreadEvent",
]
