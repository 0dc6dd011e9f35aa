"""What people say, in French and in English: one or more sentences a statement, and talk around them.

`{a}` and `{b}` are actors, `{m}` a market, `{p}` a place, `{n}` a level, `{x}` and `{y}` amounts.
"""

WORDS = {
    "terrorist_group": ("les hommes à la bannière", "the men with the banner"),
    "smuggler": ("les passeurs", "the smugglers"),
    "non_state_armed_group": ("le mouvement du carrefour", "the movement at the crossroads"),
    "gold_trader": ("les acheteurs d'or", "the gold buyers"),
    "militia": ("les hommes du patron", "the patron's men"),
    "arms_trafficker": ("ceux qui vendent des armes", "those who sell guns"),
    "community": ("les villageois", "the villagers"),
    "livestock_intermediary": ("l'intermédiaire", "the middleman"),
    "gold": ("l'or", "gold"),
    "arms": ("les armes", "guns"),
    "cattle_theft": ("le vol de bétail", "cattle theft"),
    "cattle": ("le bétail", "cattle"),
    "": ("le passage", "the passage"),
    "isolation": ("l'isolement", "being so far from everything"),
    "porous_borders": ("la frontière que personne ne garde", "a border nobody watches"),
    "weak_state_presence": ("l'absence de l'État", "the State not being there"),
    "corruption": ("la corruption", "corruption"),
    "economic_precarity": ("le manque d'argent", "the lack of money"),
    "social_cohesion": ("l'entente entre familles", "families holding together"),
    "road": ("une route", "a road"),
    "water": ("de l'eau", "water"),
    "work": ("du travail", "work"),
    "school": ("une école", "a school"),
    "justice": ("un juge", "a judge"),
    "down": ("Cela baisse depuis deux ans.", "It has been going down for two years."),
    "stable": ("Cela ne change guère.", "It hardly changes."),
    "up": ("Cela augmente, chaque saison un peu plus.", "It is growing, a little more each season."),
    "week": ("par semaine", "a week"),
    "passage": ("par passage", "a passage"),
    "year": ("par an", "a year"),
    "operation": ("par affaire", "a deal"),
    "miner": ("par orpailleur", "a miner"),
    "vehicle": ("par véhicule", "a vehicle"),
    "head_of_livestock": ("par tête", "a head"),
}
SENTENCES = {
    "link/cooperation": (
        ("{A} et {b} travaillent ensemble, c'est connu.", "Entre {a} et {b} il y a un accord, chacun y gagne."),
        ("{A} and {b} work together, everybody knows.", "There is a deal between {a} and {b}, each side gains."),
    ),
    "link/coopetition": (
        ("{A} et {b} s'entendent un jour et se disputent le lendemain, selon la marchandise.",),
        ("{A} and {b} agree one day and quarrel the next, it depends on the goods.",),
    ),
    "link/competition": (
        ("{A} et {b} veulent le même marché, chacun pousse l'autre dehors.",),
        ("{A} and {b} want the same trade, each pushes the other out.",),
    ),
    "link/confrontation": (
        ("{A} et {b} se battent dès qu'ils se croisent.",),
        ("{A} and {b} fight whenever they meet.",),
    ),
    "link/coexistence": (
        ("{A} et {b} vivent côte à côte sans rien faire ensemble.",),
        ("{A} and {b} live side by side and do nothing together.",),
    ),
    "link/coerced": (
        ("{A} obligent {b} à les servir ; personne ne le fait de bon cœur.",),
        ("{A} force {b} to serve them; nobody does it gladly.",),
    ),
    "link/denied": (
        ("Non, ici il n'y a aucun lien entre ces gens.",),
        ("No, there is no link between these people here.",),
    ),
    "link/no_answer": (("De cela, je préfère ne pas parler.",), ("I would rather not speak about that.",)),
    "link/not_asked": (("[La question des liens n'a pas été posée.]",), ("[The question on links was not asked.]",)),
    "presence/present": (
        ("Ici, {m}, cela se voit.", "{M}, oui, cela existe chez nous."),
        ("Here, {m}, you can see it.", "{M}, yes, that exists in our area."),
    ),
    "presence/absent": (("{M}, non, il n'y en a pas par ici.",), ("{M}, no, there is none of it around here.",)),
    "presence/denied": (("{M} ? Ce sont des histoires.",), ("{M}? Those are stories.",)),
    "presence/not_observed": (("{M}, j'ai cherché, je n'ai rien vu.",), ("{M}, I looked, I saw nothing.",)),
    "presence/no_answer": (("Sur ce point, pas de réponse.",), ("On that, no answer.",)),
    "presence/not_asked": (
        ("[Le sujet suivant n'a pas été abordé : {m}.]",),
        ("[The next subject was not raised: {m}.]",),
    ),
    "severity": (("Sur une échelle de un à cinq, je dirais {n}.",), ("On a scale from one to five, I would say {n}.",)),
    "trend": (("{n}",), ("{n}",)),
    "state_presence_level": (
        ("L'État, de un à cinq, c'est {n} chez nous.",),
        ("The State, from one to five, is a {n} with us.",),
    ),
    "hardship_level": (
        ("Vivre ici, de un, facile, à cinq, intenable : {n}.",),
        ("Living here, from one, easy, to five, unbearable: {n}.",),
    ),
    "cohesion_level": (
        ("Entre nous, de un, chacun pour soi, à cinq, tous ensemble : {n}.",),
        ("Between us, from one, each on their own, to five, all together: {n}.",),
    ),
    "factor": (("Ce qui pèse le plus, c'est {m}.",), ("What weighs most is {m}.",)),
    "need": (("Il nous faut {m}, voilà tout.",), ("What we need is {m}, that is all.",)),
    "levy": (("Il faut payer {x} {base} {per}.",), ("One has to pay {x} {base} {per}.",)),
    "flow": (("Pour {m}, le chemin part de {p}.",), ("For {m}, the way goes from {p}.",)),
    "share": (("Soixante pour cent des personnes entendues le disent.",), ("Sixty per cent of those heard say so.",)),
    "figure": (("Entre {x} et {y} orpailleurs paieraient.",), ("Between {x} and {y} miners are said to pay.",)),
}
ABSENT = (
    ("On dit que {a} et {b} seraient liés ainsi : c'est faux. ",),
    ("They say {a} and {b} are tied like that: it is untrue. ",),
)
MIXED = (("Parfois oui, parfois non : ",), ("Sometimes yes, sometimes no: ",))
FIRMNESS = {
    "hedged": ("Je crois que oui. ", "I believe so. "),
    "alleged": ("On raconte ceci. ", "This is what people tell. "),
    "hypothesised": ("Ce n'est qu'une supposition. ", "That is only a guess. "),
}
QUESTIONS = {
    "link": ("Que savez-vous des liens entre ces groupes ?", "What do you know of ties between these groups?"),
    "presence": ("Et ce commerce-là ?", "And that trade?"),
    "item": ("L'État est-il présent ?", "Is the State present?"),
    "hardship_level": ("La vie est-elle dure ici ?", "Is life hard here?"),
    "cohesion_level": ("Les gens se tiennent-ils les coudes ?", "Do people here stand by each other?"),
    "factor": ("Qu'est-ce qui rend la région fragile ou solide ?", "What makes the region weak or strong?"),
    "need": ("Que faudrait-il faire ?", "What should be done?"),
    "levy": ("Faut-il payer quelqu'un ?", "Does one have to pay somebody?"),
    "flow": ("Par où cela passe-t-il ?", "Which way does it go?"),
}
TALK = (
    ("Vous savez, je vis ici depuis longtemps.", "You know, I have lived here for a long time."),
    ("Les anciens en parlaient déjà.", "The old people already spoke of it."),
    ("Cette année, la pluie est venue tard.", "This year the rain came late."),
    ("Je vous le dis comme je le pense.", "I tell you as I see it."),
    ("[silence]", "[silence]"),
    ("Le marché se tient le jeudi, sauf pendant les récoltes.", "Market day is Thursday, except at harvest."),
    ("Mon voisin vous dirait autre chose, peut-être.", "My neighbour might tell you something else."),
    ("On a vu pire, et on verra mieux.", "We have seen worse, and shall see better."),
    ("[rire 🙂]", "[laughs 🙂]"),
    ("Attendez que je me rappelle…", "Let me remember…"),
)
HEADS = {
    "interview": (
        "Entretien {id}, SYNTHÉTIQUE : inventé pour l'exercice",
        "Interview {id}, SYNTHETIC: invented for practice",
    ),
    "focus_group": ("Groupe de discussion {id}, SYNTHÉTIQUE", "Focus group {id}, SYNTHETIC"),
    "expert_meeting": ("Réunion d'experts {id}, SYNTHÉTIQUE", "Expert meeting {id}, SYNTHETIC"),
    "document": ("Document {id}, SYNTHÉTIQUE : {title}", "Document {id}, SYNTHETIC: {title}"),
    "judicial": ("Décision {id}, SYNTHÉTIQUE : {title}", "Decision {id}, SYNTHETIC: {title}"),
}
PLACE = ("Lieu : {place}. Tout est inventé.", "Place: {place}. Everything is invented.")
