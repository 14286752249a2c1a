"""What Kith promises, attacked: each proof tries, counts what it found, and says whether the promise holds."""
