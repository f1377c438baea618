"""Exams: what they ask, who may sit them, drawing, answering, grading."""
