"""The catalogue, lessons, and how far each person has come."""
