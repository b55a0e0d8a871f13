"""What one person has to do today, what is going on, and what the last half year came to."""
