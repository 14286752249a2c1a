"""The demo: six made-up groups, loaded through the real actions, and the door at /demo/."""
