"""What Kith costs, as ratios within one run: absolute figures of one machine mean little on another."""
