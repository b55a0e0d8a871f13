"""What `testamur bench` runs: rates as ratios within one run, and a class list issued end to end."""
