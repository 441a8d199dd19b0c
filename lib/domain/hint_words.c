/* hint_words.c - the words by which hints are found, as data. */
/* SPDX-License-Identifier: MIT */
#include "domain/hint_words.h"

static const char *const none[] = { NULL };

/* EIR 2004 reg 2(1): the elements and their state, factors that affect them, measures and activities
 * (planning among them), the state of human health and of built structures in so far. */
static const char *const environment[] = { "air quality", "air pollution", "pollution",
	"pollutant%", "particulate%", "nitrogen dioxide", "emission%", "carbon footprint",
	"greenhouse gas%", "net zero", "climate change", "climate emergency", "flooding", "flooded",
	"flood risk%", "flood defence%", "flood alleviation", "flood map%", "river level%",
	"rivers", "the river", "riverbank%", "sewage", "sewer%", "storm overflow%", "water quality",
	"bathing water%", "drinking water", "groundwater", "drainage", "culvert%",
	"contaminated land", "land contamination", "contaminated soil", "landfill%", "fly-tipping",
	"fly tipping", "flytipping", "recycling rate%", "waste disposal", "waste incinerat%",
	"incinerator%", "hazardous waste", "tree preservation", "street trees", "trees were felled",
	"trees felled", "tree felling", "felling of", "fell * trees", "woodland%",
	"ancient woodland", "hedgerow%", "biodiversity", "wildlife", "wildflower%", "habitat%",
	"badger%", "newts", "bats roost%", "pesticide%", "herbicide%", "glyphosate", "weedkiller%",
	"weed killer%", "asbestos", "radon", "radioactive%", "nuclear power", "nuclear waste",
	"noise level%", "noise complaint%", "noise nuisance", "noise monitoring", "noise pollution",
	"odour%", "light pollution", "planning application%", "planning permission%",
	"planning enforcement", "planning consent%", "planning decision%", "planning breach%",
	"local plan", "local development plan", "building control", "building regulations",
	"green belt", "conservation area%", "listed building%", "wind farm%", "wind turbine%",
	"solar farm%", "solar panels", "fracking", "shale gas", "quarry", "quarries",
	"mobile mast%", "phone mast%", "5g mast%", "low emission zone%", "clean air zone%",
	"low traffic neighbourhood%", "cycle lane%", "bypass", "road scheme%", "highway adoption",
	"adopted highway%", "public right of way", "public rights of way", "rights of way",
	"footpath%", "local land charges", "con29", "energy performance", "energy efficiency",
	"heat network%", "coastal erosion", "contaminat%", "ansawdd aer", "llygredd", "llifogydd",
	"carthffosiaeth", "carthion", "newid hinsawdd", "caniatad cynllunio", "cais cynllunio",
	"ailgylchu", "gwastraff", "bywyd gwyllt", NULL };

static const char *const no_environment[] = { "object to", "objection%", "i object", "comment on",
	"bypass the", "bypassed", "to bypass", "bypass surgery", "gastric bypass", "heart bypass",
	"bypassing", "on the river", "river cruise", "footpath outside my", "cookie%", NULL };

static const char *const eir_named[] = { "environmental information", "eir", "eirs",
	"gwybodaeth amgylcheddol", NULL };

/* A question about such requests is no such request. */
static const char *const no_eir[] = { "how many", "number of", "eir request%", "eir polic%",
	"eir training", "eir officer%", "eir team%", "eir guidance", "requests received",
	"requests under", "policy", "policies", "procedure%", "training", "staff", "officer%",
	"team", "statistics", "compliance", "sawl", NULL };

static const char *const own_data[] = { "subject access", "sar", "dsar", "my personal data",
	"my own data", "my personal information", "my data", "my personal file", "my file",
	"my files", "my case file", "my own records", "my medical record%", "my health record%",
	"my gp record%", "my patient record%", "my hospital record%", "my social services",
	"my social care", "my care record%", "my housing file", "my tenancy file",
	"my school records", "my school record", "my education record%", "my hr file",
	"my hr record%", "my personnel file", "my employment record%", "my police record%",
	"my criminal record%", "my custody record%", "information about me",
	"information you hold about me", "information you hold on me", "information held about me",
	"information held on me", "data about me", "data you hold on me", "data you hold about me",
	"data held about me", "data held on me", "held on me", "held about me", "hold on me",
	"hold about me", "records about me", "notes about me", "emails about me",
	"correspondence about me", "mention me", "mentioning me", "refer to me", "referring to me",
	"everything * about me", "everything * on me", "cctv of me", "footage of me",
	"footage of my", "images of me", "recording of my", "recordings of my",
	"my child's records", "my child's file", "my son's records", "my son's file",
	"my daughter's records", "my daughter's file", "right of access", "article 15",
	"under the data protection act", "under data protection", "under the gdpr", "under gdpr",
	"under the uk gdpr", "under uk gdpr", "cais gwrthrych am wybodaeth",
	"cais gwrthrych am weld", "fy nata", "fy ffeil", "fy nghofnodion", "gwybodaeth amdanaf",
	"amdanaf i", NULL };

static const char *const no_own_data[] = { "how many", "number of", "subject access requests",
	"sars", "dsars", "policy", "policies", "procedure%", "statistics", "training", "guidance",
	"not a subject access", "redact%", "exempt%", "withheld", "withhold", "keep my",
	"process my", "process% my", "publish my", "store my", "delete my", "share my",
	"sharing my", "do not disclose my", "contact me", "data protection officer", "sawl", NULL };

static const char *const bins[] = { "my bin", "my bins", "our bin", "our bins", "missed bin%",
	"missed collection%", "missed my bin", "bin * not * collected", "bins * not * collected",
	"bin * not * emptied", "bins * not * emptied", "new bin", "replacement bin", "bin day",
	"when is * bin collection", "bulky waste", "my recycling", "our recycling", "fy min",
	"fy miniau", NULL };

static const char *const repairs[] = { "report a pothole", "report * pothole",
	"reporting a pothole", "pothole outside", "pothole on my", "pothole in my",
	"potholes outside", "potholes on my", "street light outside", "street light * not working",
	"streetlight * not working", "street light * is out", "lamp post outside",
	"lamppost outside", "my boiler", "leak in my", "damp in my", "mould in my", "repair to my",
	"repairs to my", "please repair", "please fix", "please can you fix", "needs fixing",
	"needs repairing", "blocked drain", "report a fault", "report fly-tipping",
	"report * fly tipping", "report * fly-tipping", "overgrown hedge%", "abandoned car",
	"abandoned vehicle", NULL };

static const char *const crimes[] = { "report a crime", "report a theft", "report a burglary",
	"report a robbery", "report an assault", "report a scam", "report a fraud",
	"report an incident", "report * anti-social", "report * antisocial", "reporting a crime",
	"reporting a theft", "was stolen", "were stolen", "has been stolen", "have been stolen",
	"been burgled", "been robbed", "was assaulted", "been assaulted", "been scammed",
	"i am a victim", "was the victim of", "crime reference", "my neighbour is dealing",
	"drug dealing in my", "i witnessed", "hit and run", NULL };

static const char *const lost[] = { "lost my", "i have lost", "i've lost", "lost passport",
	"lost wallet", "lost purse", "lost phone", "left my * on the", "found my", "handed in",
	"mislaid my", "wedi colli fy", NULL };

static const char *const planning[] = { "object to", "i object", "strongly object",
	"wish to object", "letter of objection", "planning objection", "objection to planning",
	"in support of the application", "in support of planning", "comment on planning",
	"comments on planning", "comment on the planning", "comments on the planning",
	"comment on the application", "gwrthwynebu'r cais", NULL };

static const char *const jobs[] = { "apply for the post", "apply for the position",
	"apply for the role", "apply for the job", "apply for the vacancy", "applying for the",
	"application for the post", "application for the position", "application for the role",
	"application for the job", "application for the vacancy", "job application", "my cv",
	"my c.v", "attached cv", "curriculum vitae", "my covering letter", "my cover letter",
	"any vacancies", "work experience placement", NULL };

static const char *const complaints[] = { "complaint about", "complaint against",
	"formal complaint", "wish to complain", "want to complain", "like to complain",
	"i am complaining", "complain about", "lodge a complaint", "make a complaint",
	"unhappy with the service", "poor service", "appalling service", "disgraceful service",
	"rude to me", "hoffwn gwyno", "gwneud cwyn", NULL };

static const char *const accounts[] = { "my council tax", "my rent", "my benefit%",
	"my housing benefit", "my housing application", "my blue badge", "my bus pass",
	"my parking permit", "my parking ticket", "parking ticket", "penalty charge notice",
	"parking fine", "my pcn", "my bill", "my direct debit", "my account", "book an appointment",
	"my appointment", "change of address", "moved house", "moving house", "register to vote",
	"birth certificate", "death certificate", "marriage certificate", "school place for",
	"my dog licence", "my taxi licence", "treth cyngor", NULL };

/* Numbers, documents and rules are information, whatever they are about. */
static const char *const information[] = { "how many", "how much", "number of", "numbers of",
	"statistics", "figures", "data on", "list of", "lists of", "copy of your", "copy of the",
	"copies of", "per year", "each year", "last year", "in total", "policy", "policies",
	"procedure%", "cost of", "spent", "spending", "breakdown", "under the", "foi", "contract%",
	"received by the", "since 20%", "in 20%", "between 20%", "sawl", NULL };

/* Those who are not content with an answer want a review, which is no complaint about a service. */
static const char *const no_complaint[] = { "how many", "number of", "statistics", "figures",
	"list of", "copies of", "policy", "policies", "procedure%", "foi", "my request",
	"information request", "your response", "your reply", "in 20%", "since 20%", "received by",
	"sawl", NULL };

const char *const hint_law_named[] = { "freedom of information", "foi", "foia", "foisa",
	"environmental information", "eir", "rhyddid gwybodaeth", "gwybodaeth amgylcheddol", NULL };

const struct hint_words hint_environment = { "", environment, no_environment };
const struct hint_words hint_eir_named = { "", eir_named, no_eir };
const struct hint_words hint_own_data = { "", own_data, no_own_data };

const struct hint_words hint_business[] = {
	{ "about a bin or a waste collection", bins, information },
	{ "about something to be repaired or cleared", repairs, information },
	{ "a report to the police", crimes, information },
	{ "about something lost", lost, information },
	{ "a comment on a planning application", planning, information },
	{ "an application for a job", jobs, information },
	{ "a complaint about a service", complaints, no_complaint },
	{ "about the writer's own bill, account or certificate", accounts, information },
	{ NULL, none, none },
};
