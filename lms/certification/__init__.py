"""Certifications: what earns them, how long they hold, and the page that proves it."""
