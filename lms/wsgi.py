"""What a WSGI server imports: the application on the environment's settings."""

from lms import create_app

app = create_app()
