from django.contrib.staticfiles import finders
from django.test import Client


def test_favicon_asked_by_anybody_is_the_one_of_the_pages(client: Client) -> None:
    response = client.get("/favicon.ico")

    assert (response.status_code, response.headers["Location"]) == (302, "/static/img/favicon.svg")
    assert finders.find("img/favicon.svg")
