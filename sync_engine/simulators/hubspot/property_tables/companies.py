"""Companies."""

from __future__ import annotations

GROUPS = {
    "companyinformation": "Company information",
    "companylifecycle": "Company lifecycle stage properties",
    "socialmediainformation": "Social media information",
    "deal_information": "Deal information",
}

# What a person sees of a record on the simulator's page.
SHOWN = [
    "name",
    "domain",
    "phone",
    "address",
    "city",
    "state",
    "zip",
    "country",
    "industry",
    "numberofemployees",
    "annualrevenue",
    "lifecyclestage",
    "hubspot_owner_id",
    "hs_lastmodifieddate",
    "createdate",
    "hs_object_id",
]

PROPERTIES = """
name                          | Company name                 | string text                 |  |
domain                        | Company domain name          | string text                 |  |
hs_additional_domains         | Additional domains           | string text                 |  |
website                       | Website URL                  | string text                 |  |
description                   | Description                  | string textarea             |  |
about_us                      | About us                     | string textarea             |  |
phone                         | Phone number                 | string phonenumber          |  |
address                       | Street address               | string text                 |  |
address2                      | Street address 2             | string text                 |  |
city                          | City                         | string text                 |  |
state                         | State/Region                 | string text                 |  |
zip                           | Postal code                  | string text                 |  |
country                       | Country/Region               | string text                 |  |
timezone                      | Time zone                    | string text                 |  |
industry                      | Industry                     | enumeration select          |  | open; options=ACCOUNTING:Accounting,AEROSPACE:Aviation and aerospace,BANKING:Banking,COMPUTER_SOFTWARE:Computer software,EDUCATION_MANAGEMENT:Education management,INSURANCE:Insurance,MACHINERY:Machinery,MECHANICAL_OR_INDUSTRIAL_ENGINEERING:Mechanical or industrial engineering,RESEARCH:Research,TELECOMMUNICATIONS:Telecommunications,TEXTILES:Textiles
type                          | Type                         | enumeration select          |  | open; options=PROSPECT:Prospect,PARTNER:Partner,RESELLER:Reseller,VENDOR:Vendor,OTHER:Other
numberofemployees             | Number of employees          | number number               |  |
annualrevenue                 | Annual revenue               | number number               |  |
founded_year                  | Year founded                 | string text                 |  |
is_public                     | Is public                    | bool booleancheckbox        |  |
lifecyclestage                | Lifecycle stage              | enumeration radio           |  | options=subscriber:Subscriber,lead:Lead,marketingqualifiedlead:Marketing Qualified Lead,salesqualifiedlead:Sales Qualified Lead,opportunity:Opportunity,customer:Customer,evangelist:Evangelist,other:Other
hs_lead_status                | Lead status                  | enumeration radio           |  | open; options=NEW:New,OPEN:Open,IN_PROGRESS:In Progress,OPEN_DEAL:Open Deal,UNQUALIFIED:Unqualified
hs_parent_company_id          | Parent company               | number number               |  | read-only
hs_num_child_companies        | Number of child companies    | number number               |  | read-only
num_associated_contacts       | Number of associated contacts | number number              |  | read-only
num_associated_deals          | Number of associated deals   | number number               | deal_information | read-only
total_revenue                 | Total revenue                | number number               | deal_information | read-only
closedate                     | Close date                   | datetime date               |  |
linkedin_company_page         | LinkedIn company page        | string text                 | socialmediainformation |
twitterhandle                 | Twitter handle               | string text                 | socialmediainformation |
facebook_company_page         | Facebook company page        | string text                 | socialmediainformation |
"""
