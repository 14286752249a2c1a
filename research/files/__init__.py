"""What a researcher takes away: from what may be used to a file that somebody else has checked. One way, in stages."""
