"""What every part of Kith stands on: sealing, ids, time, text, the live engine, registries. Imports no app."""
