"""What a manager sees at a glance."""
