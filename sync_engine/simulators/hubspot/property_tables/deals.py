"""Deals. The options of pipeline and dealstage come from the pipelines."""

from __future__ import annotations

GROUPS = {"dealinformation": "Deal information", "deal_revenue": "Deal revenue"}

# What a person sees of a record on the simulator's page.
SHOWN = [
    "dealname",
    "pipeline",
    "dealstage",
    "amount",
    "closedate",
    "dealtype",
    "description",
    "hubspot_owner_id",
    "hs_lastmodifieddate",
    "createdate",
    "hs_object_id",
]

PROPERTIES = """
dealname                      | Deal name                    | string text                 |  |
pipeline                      | Pipeline                     | enumeration select          |  |
dealstage                     | Deal stage                   | enumeration radio           |  |
amount                        | Amount                       | number number               |  |
closedate                     | Close date                   | datetime date               |  |
createdate                    | Create date                  | datetime date               |  |
description                   | Deal description             | string textarea             |  |
dealtype                      | Deal type                    | enumeration radio           |  | open; options=newbusiness:New Business,existingbusiness:Existing Business
deal_currency_code            | Currency                     | enumeration select          |  | options=GBP:Pound sterling,EUR:Euro,USD:US dollar
closed_lost_reason            | Closed lost reason           | string textarea             |  |
closed_won_reason             | Closed won reason            | string textarea             |  |
hs_priority                   | Priority                     | enumeration select          |  | options=low:Low,medium:Medium,high:High
hs_next_step                  | Next step                    | string text                 |  |
hs_deal_stage_probability     | Deal probability             | number number               |  | read-only
hs_projected_amount           | Weighted amount              | number calculation_equation | deal_revenue | calculated
hs_is_closed                  | Is deal closed               | bool calculation_equation   |  | calculated
hs_is_closed_won              | Is closed won                | bool calculation_equation   |  | calculated
hs_forecast_amount            | Forecast amount              | number number               | deal_revenue |
hs_arr                        | Annual recurring revenue     | number number               | deal_revenue |
hs_mrr                        | Monthly recurring revenue    | number number               | deal_revenue |
hs_tcv                        | Total contract value         | number number               | deal_revenue |
num_associated_contacts       | Number of associated contacts | number number              |  | read-only
"""
