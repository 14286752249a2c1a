"""The live engine: the log is the truth, the doorbell a hint, the hub hands one frame to many readers."""
