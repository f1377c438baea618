"""File formats: one module a format, pure text or bytes to and from frozen records."""
