"""The logger of our Faust services: they tell Faust's story, so they speak under its name and not under ours."""

import logging

SERVICE_LOGGER = logging.getLogger("faust.services")
