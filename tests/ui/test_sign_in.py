from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from settings_ui.attempts import LIMIT

PASSWORD = "correct horse battery staple"


@pytest.fixture
def grace(db) -> User:
    return User.objects.create_user("grace", "grace.hopper@example.com", PASSWORD)


def sign_in(visitor, name="grace", password=PASSWORD, **more):
    return visitor.post("/sign-in/", {"username": name, "password": password, **more})


def test_it_lets_in_by_user_name(visitor, grace):
    assert sign_in(visitor).url == "/"
    assert visitor.session["_auth_user_id"] == str(grace.pk)


def test_it_lets_in_by_e_mail(visitor, grace):
    assert sign_in(visitor, "Grace.Hopper@example.com").url == "/"


def test_it_takes_nobody_by_an_e_mail_that_two_people_share(visitor, grace):
    User.objects.create_user("other", grace.email, "another password")
    assert sign_in(visitor, grace.email).status_code == 200


def test_it_goes_on_to_the_page_that_was_asked_for(visitor, grace):
    assert sign_in(visitor, next="/3/health/").url == "/3/health/"


def test_it_does_not_send_anybody_to_another_site(visitor, grace):
    assert sign_in(visitor, next="https://example.net/3/health/").url == "/"


def test_it_refuses_a_wrong_password_and_keeps_the_name(visitor, grace):
    page = sign_in(visitor, password="wrong").text
    assert "do not match" in page
    assert "1 of 5 attempts used" in page
    assert 'value="grace"' in page
    assert "wrong" not in page


def test_it_says_the_same_of_a_name_that_nobody_has(visitor, grace):
    assert "1 of 5 attempts used" in sign_in(visitor, "nobody").text


def test_it_pauses_after_five_attempts_even_for_the_right_password(visitor, grace):
    for _ in range(LIMIT):
        page = sign_in(visitor, password="wrong").text
    assert "pauses for 15 minutes" in page

    assert "All 5 attempts are used" in sign_in(visitor).text
    assert "_auth_user_id" not in visitor.session


def test_it_counts_each_name_for_itself(visitor, grace):
    for _ in range(LIMIT):
        sign_in(visitor, "mallory", "wrong")
    assert sign_in(visitor).status_code == 302


def test_it_counts_each_address_for_itself(visitor, grace):
    for _ in range(LIMIT):
        visitor.post(
            "/sign-in/", {"username": "grace", "password": "wrong"}, REMOTE_ADDR="192.0.2.7"
        )
    assert sign_in(visitor).status_code == 302


def test_it_forgets_the_attempts_of_whoever_got_in(visitor, grace):
    for _ in range(LIMIT - 1):
        sign_in(visitor, password="wrong")
    sign_in(visitor)
    visitor.post("/sign-out/")
    assert "1 of 5 attempts used" in sign_in(visitor, password="wrong").text


def test_it_does_not_ask_whoever_is_in_already(alice):
    assert alice.get("/sign-in/").url == "/"


def test_signing_out_takes_a_post(alice):
    assert alice.get("/sign-out/").status_code == 405
    assert alice.post("/sign-out/").url == "/sign-in/"
    assert alice.get("/").url == "/sign-in/?next=/"
