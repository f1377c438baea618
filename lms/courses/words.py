"""The names of the areas that courses belong to, in reading order."""

from lms.errors import N_

AREAS = {
    "platform-rules": N_("Platform rules"),
    "product-knowledge": N_("Product knowledge"),
    "soft-skills": N_("Talking to customers"),
    "tools-process": N_("Tools and process"),
    "working-here": N_("Working here"),
}
