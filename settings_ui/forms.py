from __future__ import annotations

from django import forms


class SwitchForm(forms.Form):
    """A switch says what it asks for, so that pressing twice does not turn it back."""

    on = forms.TypedChoiceField(
        choices=[("yes", "On"), ("no", "Off")], coerce=lambda answer: answer == "yes"
    )
