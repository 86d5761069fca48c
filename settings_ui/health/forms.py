from __future__ import annotations

from django import forms


class AllocationForm(forms.Form):
    allocated = forms.CharField(max_length=20)

    def clean_allocated(self) -> int:
        """Return the number of calls; typed with or without commas."""
        typed = self.cleaned_data["allocated"].replace(",", "").replace(" ", "")
        if not typed.isdecimal():
            raise forms.ValidationError("Enter a number of API calls, like 5,000.")
        return int(typed)
