"""The words that the demo's people and companies are made of."""

from __future__ import annotations

# First name and the salutation that its bearer prefers; "" for none.
FIRST_NAMES = (
    ("Ada", "Ms."), ("Adaeze", "Ms."), ("Aisha", "Ms."), ("Alan", "Mr."), ("Alejandra", "Ms."),
    ("Amara", "Ms."), ("Anders", "Mr."), ("Anika", "Ms."), ("Arjun", "Mr."), ("Astrid", "Mrs."),
    ("Beatriz", "Ms."), ("Benjamin", "Mr."), ("Bohdan", ""), ("Camille", "Ms."), ("Carlos", "Mr."),
    ("Chidi", "Mr."), ("Clara", "Mrs."), ("Daniel", "Mr."), ("Deepa", "Ms."), ("Dmitri", "Mr."),
    ("Edith", "Mrs."), ("Elena", "Ms."), ("Emeka", "Mr."), ("Erik", "Mr."), ("Esther", "Ms."),
    ("Fatima", "Mrs."), ("Felix", "Mr."), ("Fiona", "Ms."), ("Gabriel", "Mr."), ("Grace", "Ms."),
    ("Hana", "Ms."), ("Henrik", "Mr."), ("Hugo", ""), ("Imani", "Ms."), ("Ingrid", "Mrs."),
    ("Isaac", "Mr."), ("Ivana", "Ms."), ("James", "Mr."), ("Jasmin", "Ms."), ("Jin", ""),
    ("Johanna", "Ms."), ("José", "Mr."), ("Kaito", "Mr."), ("Katherine", "Mrs."), ("Kwame", "Mr."),
    ("Lars", "Mr."), ("Leila", "Ms."), ("Liam", "Mr."), ("Lin", ""), ("Lucía", "Ms."),
    ("Maja", "Ms."), ("Malik", "Mr."), ("Marguerite", "Mrs."), ("Mateo", "Mr."), ("Mei", "Ms."),
    ("Nadia", "Ms."), ("Niall", "Mr."), ("Noor", ""), ("Oluwaseun", ""), ("Oscar", "Mr."),
    ("Paulo", "Mr."), ("Priya", "Ms."), ("Rachel", "Mrs."), ("Ravi", "Mr."), ("Renée", "Ms."),
    ("Rosa", "Ms."), ("Samuel", "Mr."), ("Saoirse", "Ms."), ("Sara", "Ms."), ("Sebastian", "Mr."),
    ("Sofia", "Ms."), ("Søren", "Mr."), ("Tariq", "Mr."), ("Teresa", "Mrs."), ("Tomás", "Mr."),
    ("Uma", "Ms."), ("Viktor", "Mr."), ("Wanjiru", "Ms."), ("Yusuf", "Mr."), ("Zofia", "Ms."),
)  # fmt: skip

LAST_NAMES = (
    "Abara", "Adler", "Aguilar", "Ahmed", "Andersen", "Baker", "Banerjee", "Baranowska", "Bauer",
    "Bergström", "Bernard", "Blackwood", "Brennan", "Cardoso", "Castillo", "Chandra", "Chen",
    "Clarke", "Cohen", "Costa", "Czerny", "Delacroix", "Demir", "Diallo", "Dubois", "Eklund",
    "Eze", "Farouk", "Fernandes", "Ferrari", "Fischer", "Fitzgerald", "Gallagher", "García",
    "Ghosh", "Grant", "Gruber", "Haddad", "Halvorsen", "Hassan", "Hayashi", "Hoffmann", "Horváth",
    "Hughes", "Ibrahim", "Ivanova", "Iyer", "Jansen", "Johansson", "Kamau", "Kaplan", "Khan",
    "Kim", "Kowalski", "Kumar", "Laurent", "Lee", "Lindqvist", "Lopes", "MacLeod", "Maier",
    "Marchetti", "Martín", "Mbeki", "Mehta", "Meyer", "Moreau", "Mwangi", "Nakamura", "Navarro",
    "Nguyen", "Novák", "O’Brien", "Oduya", "Okafor", "Olsen", "Ortiz", "Osei", "Park", "Patel",
    "Petrov", "Popescu", "Quist", "Ramirez", "Rao", "Reyes", "Ricci", "Robinson", "Rossi",
    "Sandoval", "Santos", "Schneider", "Sharma", "Silva", "Simmons", "Singh", "Sørensen", "Suzuki",
    "Takahashi", "Tan", "Thompson", "Torres", "Turner", "Ueda", "Van Dijk", "Vargas", "Vogel",
    "Walsh", "Weber", "Whitfield", "Williams", "Wójcik", "Wright", "Yamada", "Yılmaz", "Zhang",
)  # fmt: skip

DEPARTMENTS = (
    ("Sales", ("Account Executive", "Sales Director", "Head of Partnerships", "Sales Manager")),
    ("Marketing", ("Marketing Manager", "Head of Brand", "Content Lead", "Growth Manager")),
    ("Operations", ("Operations Manager", "Plant Manager", "Head of Logistics", "COO")),
    ("Finance", ("Controller", "CFO", "Accounts Payable Lead", "Procurement Manager")),
    ("IT", ("Systems Administrator", "IT Manager", "CTO", "Data Engineer", "Security Lead")),
    ("People", ("HR Manager", "Recruiter", "Head of People", "Office Manager")),
    ("Research", ("Research Engineer", "Laboratory Manager", "Head of Research", "Chemist")),
    ("Executive", ("CEO", "Managing Director", "Founder", "Chief of Staff")),
)

# Name and HubSpot-and-Salesforce-neutral industry.
COMPANIES = (
    ("Alder & Finch", "Consulting"), ("Anvil Robotics", "Manufacturing"),
    ("Aurora Lithium", "Energy"), ("Barley Street Bakery", "Food & Beverage"),
    ("Beacon Hydrology", "Engineering"), ("Birchwood Textiles", "Apparel"),
    ("Blue Heron Clinics", "Healthcare"), ("Bramble Foods", "Food & Beverage"),
    ("Brightwater Ferries", "Transportation"), ("Calder Freight", "Transportation"),
    ("Cartwright Timber", "Construction"), ("Cinder Block Studio", "Media"),
    ("Clearwell Diagnostics", "Healthcare"), ("Copperfield Press", "Media"),
    ("Cornerstone Masonry", "Construction"), ("Crane & Daughters", "Retail"),
    ("Driftline Surveying", "Engineering"), ("Eastgate Insurance", "Insurance"),
    ("Elm Court Legal", "Consulting"), ("Fathom Maritime", "Shipping"),
    ("Fenwick Optics", "Electronics"), ("Fjordland Seafood", "Food & Beverage"),
    ("Foxglove Pharma", "Biotechnology"), ("Gable & Grove", "Construction"),
    ("Glasshouse Growers", "Agriculture"), ("Granite Peak Outfitters", "Retail"),
    ("Greyfriars Bank", "Banking"), ("Halcyon Hotels", "Hospitality"),
    ("Harrow Agritech", "Agriculture"), ("Hearthstone Heating", "Utilities"),
    ("Hollow Oak Furniture", "Manufacturing"), ("Indigo Loom", "Apparel"),
    ("Ironbridge Castings", "Manufacturing"), ("Juniper Analytics", "Technology"),
    ("Kestrel Instruments", "Electronics"), ("Kiln & Clay", "Retail"),
    ("Lantern Software", "Technology"), ("Larkspur Schools", "Education"),
    ("Lighthouse Telecom", "Telecommunications"), ("Loom & Ledger", "Finance"),
    ("Marigold Events", "Entertainment"), ("Meridian Cartography", "Technology"),
    ("Millrace Water", "Utilities"), ("Moorland Wool", "Apparel"),
    ("Nettle & Sage", "Retail"), ("Northlight Solar", "Energy"),
    ("Oakum Shipyards", "Shipping"), ("Old Quarry Stone", "Construction"),
    ("Osprey Logistics", "Transportation"), ("Pemberton Tea", "Food & Beverage"),
    ("Quillfeather Books", "Media"), ("Redwood Genomics", "Biotechnology"),
    ("Saltmarsh Energy", "Energy"), ("Slate & Copper Roofing", "Construction"),
    ("Stonecrop Gardens", "Agriculture"), ("Tidewater Chemicals", "Chemicals"),
    ("Umber Paints", "Chemicals"), ("Verdant Housing", "Not For Profit"),
    ("Wharfside Coffee", "Food & Beverage"), ("Yarrow University", "Education"),
)  # fmt: skip

# City, state or "", postal code, country, country's dialling code.
PLACES = (
    ("Boston", "Massachusetts", "02110", "United States", "+1"),
    ("Portland", "Oregon", "97205", "United States", "+1"),
    ("Austin", "Texas", "78701", "United States", "+1"),
    ("Chicago", "Illinois", "60606", "United States", "+1"),
    ("Denver", "Colorado", "80202", "United States", "+1"),
    ("Toronto", "Ontario", "M5H 2N2", "Canada", "+1"),
    ("Montréal", "Quebec", "H2Y 1C6", "Canada", "+1"),
    ("London", "", "EC2A 4BX", "United Kingdom", "+44"),
    ("Edinburgh", "", "EH1 2NG", "United Kingdom", "+44"),
    ("Dublin", "", "D02 X285", "Ireland", "+353"),
    ("Berlin", "", "10117", "Germany", "+49"),
    ("Hamburg", "", "20457", "Germany", "+49"),
    ("Zürich", "", "8001", "Switzerland", "+41"),
    ("Vienna", "", "1010", "Austria", "+43"),
    ("Paris", "", "75002", "France", "+33"),
    ("Lyon", "", "69002", "France", "+33"),
    ("Madrid", "", "28013", "Spain", "+34"),
    ("Lisbon", "", "1200-109", "Portugal", "+351"),
    ("Amsterdam", "", "1012 JS", "Netherlands", "+31"),
    ("Copenhagen", "", "1260", "Denmark", "+45"),
    ("Stockholm", "", "111 29", "Sweden", "+46"),
    ("Gdańsk", "", "80-831", "Poland", "+48"),
    ("Nairobi", "", "00100", "Kenya", "+254"),
    ("Singapore", "", "049315", "Singapore", "+65"),
    ("Sydney", "New South Wales", "2000", "Australia", "+61"),
)

STREETS = (
    "Mill Lane", "Harbour Street", "Station Road", "Market Square", "Canal Street", "High Street",
    "Foundry Way", "Orchard Avenue", "Bridge Street", "Chapel Hill", "Riverside Drive",
    "Observatory Road", "Weaver’s Row", "Lime Grove", "Exchange Place",
)  # fmt: skip

# The demo company's own people, users of both CRMs.
STAFF = (
    ("Ida", "Rhodes"), ("Charles", "Ashworth"), ("Mary", "Somers"), ("Luigi", "Menabrea"),
    ("Joan", "Clarkson"), ("Kathleen", "Booth"),
)  # fmt: skip
