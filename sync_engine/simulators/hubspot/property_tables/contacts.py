"""Contacts: a share of the four hundred that an empty account has."""

from __future__ import annotations

GROUPS = {
    "contactinformation": "Contact information",
    "emailinformation": "Email information",
    "contact_activity": "Contact activity",
    "conversioninformation": "Conversion information",
    "analyticsinformation": "Web analytics history",
    "deal_information": "Deal information",
    "order_information": "Order information",
    "sales_properties": "Sales properties",
    "socialmediainformation": "Social media information",
}

# What a person sees of a record on the simulator's page.
SHOWN = [
    "email",
    "firstname",
    "lastname",
    "jobtitle",
    "company",
    "phone",
    "salutation",
    "mobilephone",
    "fax",
    "address",
    "city",
    "state",
    "zip",
    "country",
    "website",
    "lifecyclestage",
    "hs_lead_status",
    "hubspot_owner_id",
    "hs_email_optout",
    "hs_additional_emails",
    "lastmodifieddate",
    "createdate",
    "hs_object_id",
]

PROPERTIES = """
email                         | Email                        | string text                 |  |
hs_additional_emails          | Additional email addresses   | enumeration checkbox        |  |
firstname                     | First name                   | string text                 |  |
lastname                      | Last name                    | string text                 |  |
salutation                    | Salutation                   | string text                 |  |
jobtitle                      | Job title                    | string text                 |  |
company                       | Company name                 | string text                 |  |
phone                         | Phone number                 | string phonenumber          |  |
mobilephone                   | Mobile phone number          | string phonenumber          |  |
fax                           | Fax number                   | string phonenumber          |  |
address                       | Street address               | string text                 |  |
city                          | City                         | string text                 |  |
state                         | State/Region                 | string text                 |  |
hs_state_code                 | State/Region code            | string text                 |  |
zip                           | Postal code                  | string text                 |  |
country                       | Country/Region               | string text                 |  |
hs_country_region_code        | Country/Region code          | string text                 |  |
website                       | Website URL                  | string text                 |  |
industry                      | Industry                     | string text                 |  |
annualrevenue                 | Annual revenue               | string text                 |  |
numemployees                  | Number of employees          | enumeration radio           |  | options=1-5,5-25,25-50,50-100,100-500,500-1000,1000+
message                       | Message                      | string textarea             |  |
date_of_birth                 | Date of birth                | string text                 |  |
gender                        | Gender                       | string text                 |  |
degree                        | Degree                       | string text                 |  |
field_of_study                | Field of study               | string text                 |  |
graduation_date               | Graduation date              | string text                 |  |
school                        | School                       | string text                 |  |
seniority                     | Seniority                    | string text                 |  |
start_date                    | Start date                   | string text                 |  |
job_function                  | Job function                 | string text                 |  |
marital_status                | Marital status               | string text                 |  |
military_status               | Military status              | string text                 |  |
relationship_status           | Relationship status          | string text                 |  |
work_email                    | Work email                   | string text                 |  |
company_size                  | Company size                 | string text                 |  |
hs_language                   | Preferred language           | enumeration select          |  | options=de:German,en:English,en-gb:English - United Kingdom,es:Spanish,fr:French,it:Italian,ja:Japanese,nl:Dutch,pt:Portuguese,sv:Swedish
hs_timezone                   | Time zone                    | enumeration select          |  | options=europe_slash_london:UTC +00:00 Europe London,europe_slash_berlin:UTC +01:00 Europe Berlin,america_slash_new_york:UTC -05:00 America New York
hs_persona                    | Persona                      | enumeration radio           |  | options=persona_1:Engineer,persona_2:Mathematician
hs_role                       | Employment role              | enumeration select          |  | options=accounting:Accounting,administrative:Administrative,engineering:Engineering,marketing:Marketing,operations:Operations,sales:Sales
hs_seniority                  | Employment seniority         | enumeration select          |  | options=director:Director,employee:Employee,entry:Entry,executive:Executive,manager:Manager,owner:Owner,vp:VP
hs_buying_role                | Buying role                  | enumeration checkbox        |  | options=BLOCKER:Blocker,BUDGET_HOLDER:Budget Holder,CHAMPION:Champion,DECISION_MAKER:Decision Maker,END_USER:End User,INFLUENCER:Influencer,OTHER:Other
lifecyclestage                | Lifecycle stage              | enumeration radio           |  | options=subscriber:Subscriber,lead:Lead,marketingqualifiedlead:Marketing Qualified Lead,salesqualifiedlead:Sales Qualified Lead,opportunity:Opportunity,customer:Customer,evangelist:Evangelist,other:Other
hs_lead_status                | Lead status                  | enumeration radio           | sales_properties | open; options=NEW:New,OPEN:Open,IN_PROGRESS:In Progress,OPEN_DEAL:Open Deal,UNQUALIFIED:Unqualified,ATTEMPTED_TO_CONTACT:Attempted to Contact,CONNECTED:Connected,BAD_TIMING:Bad Timing
hs_email_optout               | Unsubscribed from all email  | bool booleancheckbox        | emailinformation | read-only
hs_email_domain               | Email domain                 | string text                 | emailinformation | read-only
hs_email_bounce               | Marketing emails bounced     | number number               | emailinformation | read-only
hs_email_delivered            | Marketing emails delivered   | number number               | emailinformation | read-only
hs_email_open                 | Marketing emails opened      | number number               | emailinformation | read-only
hs_email_click                | Marketing emails clicked     | number number               | emailinformation | read-only
hs_email_last_open_date       | Last marketing email open date | datetime date             | emailinformation | read-only
hs_email_last_click_date      | Last marketing email click date | datetime date            | emailinformation | read-only
hs_email_last_send_date       | Last marketing email send date | datetime date             | emailinformation | read-only
hs_email_last_email_name      | Last marketing email name    | string text                 | emailinformation | read-only
hs_email_quarantined          | Email address quarantined    | bool booleancheckbox        | emailinformation | read-only
hs_emailconfirmationstatus    | Marketing email confirmation status | enumeration select   | emailinformation | options=Confirmed,Pending,Unconfirmed
hs_legal_basis                | Legal basis for processing contact's data | enumeration checkbox |  | options=Legitimate interest – prospect/lead,Legitimate interest – existing customer,Performance of a contract,Freely given consent from contact,Not applicable
hs_marketable_status          | Marketing contact status     | enumeration select          |  | read-only; options=true:Marketing contact,false:Non-marketing contact
hs_calculated_merged_vids     | Merged vids with timestamps  | string text                 |  | read-only; hidden
hs_searchable_calculated_phone_number | Calculated phone number in international format | string text |  | calculated; hidden
hs_full_name_or_email         | Full name or email           | string text                 |  | calculated; hidden
hs_lifecyclestage_lead_date   | Became a lead date           | datetime date               |  | read-only
hs_lifecyclestage_customer_date | Became a customer date     | datetime date               |  | read-only
hs_latest_source              | Latest traffic source        | enumeration select          | analyticsinformation | read-only; options=ORGANIC_SEARCH:Organic search,PAID_SEARCH:Paid search,EMAIL_MARKETING:Email marketing,DIRECT_TRAFFIC:Direct traffic,OFFLINE:Offline sources
hs_analytics_source           | Original traffic source      | enumeration select          | analyticsinformation | options=ORGANIC_SEARCH:Organic search,PAID_SEARCH:Paid search,EMAIL_MARKETING:Email marketing,DIRECT_TRAFFIC:Direct traffic,OFFLINE:Offline sources
hs_analytics_num_page_views   | Number of pageviews          | number number               | analyticsinformation | read-only
hs_analytics_num_visits       | Number of sessions           | number number               | analyticsinformation | read-only
hs_analytics_first_timestamp  | Time first seen              | datetime date               | analyticsinformation | read-only
hs_analytics_last_timestamp   | Time last seen               | datetime date               | analyticsinformation | read-only
first_conversion_date         | First conversion date        | datetime date               | conversioninformation | read-only
first_conversion_event_name   | First conversion             | string text                 | conversioninformation | read-only
recent_conversion_date        | Recent conversion date       | datetime date               | conversioninformation | read-only
recent_conversion_event_name  | Recent conversion            | string text                 | conversioninformation | read-only
num_conversion_events         | Number of form submissions   | number number               | conversioninformation | read-only
associatedcompanyid           | Primary associated company ID | number number              |  | read-only
num_associated_deals          | Number of associated deals   | number number               | deal_information | read-only
first_deal_created_date       | First deal created date      | datetime date               | deal_information | read-only
recent_deal_amount            | Recent deal amount           | number number               | deal_information | read-only
recent_deal_close_date        | Recent deal close date       | datetime date               | deal_information | read-only
total_revenue                 | Total revenue                | number number               | deal_information | read-only
closedate                     | Close date                   | datetime date               |  |
days_to_close                 | Days to close                | number number               |  | read-only
hubspotscore                  | HubSpot score                | number number               |  | read-only
lastmodifieddate              | Last modified date           | datetime date               |  | read-only
twitterhandle                 | Twitter username             | string text                 | socialmediainformation |
hs_linkedin_url               | LinkedIn URL                 | string text                 | socialmediainformation |
linkedinbio                   | LinkedIn bio                 | string text                 | socialmediainformation |
followercount                 | Follower count               | number number               | socialmediainformation |
"""
