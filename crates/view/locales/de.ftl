# Deutsch. Schlicht, freundlich, kurz. Wir sagen Du.

## Überall
skip = Zum Inhalt
language = Sprache
set = Wählen
help = Hilfe
privacy = Datenschutz
terms = Bedingungen
email = E-Mail
name = Dein Name
password = Passwort
new-password = Neues Passwort
current-password = Jetziges Passwort
show = Zeigen
hide = Verbergen
caps-lock = Die Feststelltaste ist an.
save = Speichern
remove = Entfernen
details = Näheres
on = An
off = Aus
continue = Weiter
continue-to = Weiter zu { $app }
back-to-app = Zurück zu { $app }
back-to-login = Zurück zur Anmeldung
sign-out = Abmelden
this-browser = Dieser Browser
to-continue = um zu { $app } zu gelangen
was-this-you = Warst Du das?
list-comma = {", "}
list-semicolon = {"; "}

## Nachrichten nach einer Handlung
banner-saved = Gespeichert.
banner-password-changed = Dein Passwort ist geändert.
banner-password-changed-others-out = Dein Passwort ist geändert, Deine anderen Geräte sind abgemeldet.
banner-device-ended = Das Gerät ist abgemeldet.
banner-others-ended = Alle anderen Geräte sind abgemeldet.
banner-device-forgotten = Das Gerät ist vergessen. Meldet es sich wieder an, sagen wir Dir Bescheid.
banner-app-removed = Diese App sieht Dein Konto nicht mehr.
banner-subscription-removed = Dieser Browser bekommt keine Hinweise mehr.
banner-preferences-saved = Für alle Browser gespeichert.
banner-preferences-stale = Die Auswahl wurde in einem anderen Browser geändert. So steht sie jetzt; bitte wähle noch einmal.
banner-mail-sent = Wir haben die Mail noch einmal geschickt.
banner-email-confirmed = Deine Adresse ist bestätigt.
banner-gone = Das gibt es nicht mehr. Es wurde nichts geändert.

## Was an einem Feld nicht stimmt
problem-email = Das sieht nicht nach einer E-Mail-Adresse aus. Schreib sie wie name@example.com.
problem-name = Bitte sag uns Deinen Namen, mit höchstens 100 Zeichen.
problem-brand = Bitte gib einen Namen an, mit höchstens 60 Zeichen.
problem-locale = Diese Sprache sprechen wir noch nicht. Wähle eine aus der Liste.
problem-time-zone = Diese Zeitzone kennen wir nicht. Wähle eine aus der Liste.
problem-too-many = Zu viele Versuche. Bitte warte { $span } und versuche es dann wieder.
change-problem-wrong = Das ist nicht Dein jetziges Passwort.
password-too-short = Zu kurz. Nimm mindestens { $min } Zeichen.
password-too-long = Zu lang. Nimm höchstens { $max } Zeichen.
password-too-common = Dieses Passwort probieren alle zuerst. Nimm ein anderes.
password-guessable = Das wäre schnell erraten. Füge ein oder zwei Wörter hinzu, die nicht zusammengehören.
password-contains-you = Lass Deinen Namen, Deine Adresse und den Namen dieses Dienstes weg.
password-breached = Dieses Passwort ist anderswo durchgesickert. Nimm eines, das Du sonst nirgends benutzt.
password-same = Das ist Dein altes Passwort. Nimm ein neues.
rule-length = Mindestens { $min } Zeichen
rule-yours = Ohne Deinen Namen oder Deine Adresse
rule-common = Nicht leicht zu erraten: ein paar zufällige Wörter sind gut

## Anmelden
login-title = Anmelden
login-submit = Anmelden
login-again = Bestätige, dass Du es bist
login-as = Du meldest Dich als { $email } an.
login-problem-wrong = E-Mail und Passwort passen nicht zusammen. Prüfe beide und versuche es wieder.
login-problem-restarted = Das hat etwas gedauert, darum haben wir neu begonnen. Bitte melde Dich an.
forgot = Vergessen?
new-here = Neu hier?
create-account = Konto anlegen
have-account = Du hast schon ein Konto?

## Registrieren
register-title = Lege Dein Konto an
register-submit = Konto anlegen
invite-title = Lege Dein Konto an
invite-for = Du bist als { $email } eingeladen.
check-mail-title = Sieh in Deine Mails
check-mail-sent = Wir haben einen Link an { $email } geschickt.
check-mail-then = Öffne ihn, dann geht es weiter zu { $app }.
check-mail-then-here = Öffne ihn, dann geht es hier weiter.
check-mail-code = Öffnest Du den Link in einem anderen Browser, gib dort diesen Code ein:
check-mail-waiting = Diese Seite geht von selbst weiter, sobald der Link geöffnet wurde.
check-mail-nothing = Nichts da? Sieh im Spam-Ordner nach, oder
check-mail-resend = schick ihn noch einmal
check-mail-other = Andere Adresse nehmen
confirm-title = Bestätige Deine Adresse
confirm-yours = Ist { $email } Deine Adresse?
confirm-code = 6-stelliger Code
confirm-code-hint = Der Code steht in dem Browser, in dem Du das Konto angelegt hast.
confirm-wrong-code = Das ist nicht der Code. Sieh in dem Browser nach, in dem Du das Konto angelegt hast.
confirm-submit = Bestätigen
confirm-not-you = Du hast kein Konto angelegt? Schließ diese Seite, dann geschieht nichts.
confirmed-title = Adresse bestätigt
confirmed-text = { $email } gehört Dir.
confirmed-go-back = Geh zurück zu dem Browser, in dem Du begonnen hast. Dort geht es von selbst weiter. Diese Seite kannst Du schließen.

## Passwort vergessen
recover-title = Neues Passwort setzen
recover-text = Sag uns Deine E-Mail-Adresse, dann schicken wir Dir einen Link.
recover-submit = Schick mir einen Link
recover-sent = Hat { $email } hier ein Konto, dann ist ein Link für ein neues Passwort unterwegs.
recover-sent-nothing = Nichts da? Sieh im Spam-Ordner nach, und prüfe, ob Du Dich mit dieser Adresse registriert hast.
recover-resend = Link noch einmal schicken
reset-title = Wähle ein neues Passwort
reset-for = für { $email }
reset-signs-out = Du wirst dann überall abgemeldet, damit niemand sonst angemeldet bleibt.
reset-submit = Passwort setzen
reset-done-title = Dein Passwort ist gesetzt
reset-done-text = Alle Geräte wurden abgemeldet. Melde Dich mit dem neuen Passwort an.

## Angemeldet
offer-title = Du bist angemeldet
offer-hello = Schön, Dich zu sehen, { $name }.
offer-question = Hier einen Hinweis bekommen, wenn sich jemand bei Deinem Konto anmeldet?
offer-text = Nur Sicherheitshinweise. Nie Neuigkeiten oder Angebote. Du kannst sie jederzeit ausschalten.
offer-on = Hinweise sind in diesem Browser an
offer-on-next = Ein erster ist unterwegs.
offer-blocked = Hinweise sind in diesem Browser blockiert
offer-turn-on = Einschalten
offer-not-now = Jetzt nicht
offer-never = Nicht mehr fragen

## Zustimmung
consent-title = { $app } möchte Dich kennen
consent-as = Du bist als { $email } angemeldet.
consent-will-see = { $app } kann dann:
consent-goes-to = Es geht weiter zu { $host }.
consent-later = Du kannst das später unter „Verbundene Apps“ zurücknehmen.
consent-allow = Erlauben
consent-deny = Ablehnen
consent-about = Über { $app }
scope-openid = Dich wiedererkennen, wenn Du zurückkommst
scope-profile = Deinen Namen, Deine Sprache und Deine Zeitzone sehen
scope-email = Deine E-Mail-Adresse sehen
scope-offline-access = verbunden bleiben, wenn Du nicht da bist

## Abmelden
logout-title = Abmelden?
logout-text = Du bist als { $email } angemeldet.
logout-app = { $app } möchte Dich abmelden. Du bist als { $email } angemeldet.
logout-stay = Angemeldet bleiben
signed-out-title = Du bist abgemeldet
signed-out-text = Von diesem Browser aus kommt niemand mehr ohne Anmeldung in Dein Konto.

## Einrichten
setup-title = Watchbell einrichten
setup-text = Das machst Du einmal. Danach bist Du der Betreiber.
setup-brand = Name Deiner Firma oder Deines Produkts
setup-brand-hint = Er steht auf jeder Seite, in jeder Mail und jedem Hinweis.
setup-you = Dein eigenes Konto
setup-submit = Fertig
setup-done-title = Alles bereit
setup-done-text = { $brand } ist bereit. Melde Dich mit dem Konto an, das Du gerade angelegt hast.

## Fehler
error-title = Fehler
error-flow-gone-title = Fehler: Diese Anmeldung ist vorbei
error-flow-gone-text = Sie hat zu lange gedauert oder wurde in einem anderen Tab beendet. Beginne noch einmal; es dauert nur einen Augenblick.
error-other-browser-title = Fehler: Diese Anmeldung begann in einem anderen Browser
error-other-browser-text = Zu Deiner Sicherheit geht sie nur dort weiter. Oder beginne hier eine neue.
error-link-gone-title = Fehler: Dieser Link gilt nicht mehr
error-link-gone-text = Er wurde benutzt, ist zu alt, oder wir haben Dir einen neueren geschickt. Nimm die neueste Mail.
error-taken-title = Fehler: Diese Adresse hat schon ein Konto
error-taken-text = Jemand hat sie inzwischen bestätigt, wahrscheinlich Du. Melde Dich an oder setze ein neues Passwort.
error-setup-closed-title = Fehler: Die Einrichtung ist abgeschlossen
error-setup-closed-text = Sie ist schon geschehen, oder dieser Link ist nicht der neueste. Der neueste ist der, den der Server zuletzt ausgegeben hat.
error-registration-closed-title = Fehler: Du kannst hier kein Konto anlegen
error-registration-closed-text = Konten legen die Betreiber dieses Dienstes an. Bitte frage sie.
error-not-found-title = Fehler: Hier ist nichts
error-not-found-text = Die Seite gibt es nicht, oder sie ist nicht für Dich.
error-too-many-title = Fehler: Zu viele Versuche
error-too-many-text = Bitte warte { $span } und versuche es dann wieder. Es ist nichts verloren.
error-cross-site-title = Fehler: Das Formular kam von anderswo
error-cross-site-text = Dein Browser sagt, dass das Formular von einer anderen Seite kam, darum haben wir nichts getan. Öffne die Seite hier und schick es noch einmal.
error-unreadable-title = Fehler: Das konnten wir nicht lesen
error-unreadable-text = Im Formular fehlte etwas. Geh zurück und versuche es noch einmal.
error-busy-title = Fehler: Gerade ist sehr viel los
error-busy-text = Zu viele auf einmal. Bitte versuche es in ein paar Sekunden wieder.
error-broken-title = Fehler auf unserer Seite
error-broken-text = Etwas ging schief, und es lag nicht an Dir. Bitte versuche es wieder. Bleibt es dabei, nenne uns die Nummer unten.
error-request = Fehler in der Anfrage der App: { $code }
error-request-parameter = Fehler in der Anfrage der App: { $parameter }
error-request-app = { $app } hat Dich mit einer Anfrage hergeschickt, die wir nicht beantworten können. Du kannst nichts tun; das müssen die Entwickler beheben.
error-request-text = Eine App hat Dich mit einer Anfrage hergeschickt, die wir nicht beantworten können. Du kannst nichts tun; das müssen die Entwickler beheben.
error-developers = Für Entwickler
error-registered = Eingetragene Werte:
error-request-id = Nummer dieses Fehlers:
error-start-again = Neu beginnen
error-new-link = Neuen Link holen
error-try-again = Noch einmal versuchen
error-home = Zu Deinem Konto

## Das Konto
nav-account = Konto
nav-overview = Übersicht
nav-profile = Profil
nav-sign-in = Anmeldung
nav-devices = Geräte
nav-apps = Verbundene Apps
nav-notifications = Hinweise
nav-activity = Sicherheitsverlauf
overview-hello = Hallo, { $name }
overview-devices = { $count ->
    [one] { $count } Gerät
   *[other] { $count } Geräte
}
overview-apps = { $count ->
    [0] keine Apps
    [one] { $count } App
   *[other] { $count } Apps
}
overview-notices-here = Hinweise hier an
overview-notices-elsewhere = Hinweise an, aber nicht in diesem Browser
overview-notices-off = Hinweise aus
overview-must-secure = Du hast gesagt: „Das war ich nicht“
overview-must-secure-text = Diese Anmeldung wurde beendet. Wer auch immer es war, kannte Dein Passwort: Lege jetzt ein neues fest.
overview-question = Jemand hat sich angemeldet. Warst Du das?
overview-question-text = Es war ein Gerät, das wir noch nicht kennen. Bitte sieh es Dir an.
overview-question-look = Ansehen
overview-next-notices = Erfahre, wenn sich jemand anmeldet
overview-next-text = Schalte Hinweise in diesem Browser ein, dann fragen wir Dich bei jedem neuen Gerät.
overview-next-elsewhere = Hinweise sind für Dein Konto an, aber nicht in diesem Browser.
overview-next-button = Zu den Hinweisen
overview-all-well = Alles in Ordnung
overview-all-well-text = Dieser Browser läutet, wenn sich ein neues Gerät anmeldet.
overview-recent = Zuletzt geschehen
overview-all-activity = Alles ansehen
profile-text = Was Apps von Dir sehen dürfen und wie wir mit Dir reden.
profile-email-hint = Mit dieser Adresse meldest Du Dich an.
profile-browser-language = Wie in meinem Browser
profile-time-zone = Zeitzone
sign-in-with = Du meldest Dich als { $email } an.
sign-in-changed = Zuletzt geändert: { $when }.
sign-in-forgot = Du weißt es nicht mehr?
end-others = Meine anderen Geräte abmelden
change-password = Passwort ändern
devices-text = Wo Du angemeldet bist. Du kennst eines nicht? Melde es ab und ändere Dein Passwort.
devices-hint = Ein abgemeldetes Gerät bekommt auch keine Hinweise mehr. Ein vergessenes Gerät gilt als neu, wenn es sich wieder anmeldet.
device-signed-out = abgemeldet
device-not-known = nicht bestätigt
device-now = hier, jetzt
device-last-seen = zuletzt gesehen: { $when }
device-first-seen = seit { $day }
sign-out-device = Abmelden
sign-out-others = Alle anderen abmelden
forget-device = Vergessen
app-last-used = zuletzt benutzt: { $when }
apps-text = Apps, die etwas von Deinem Konto sehen dürfen.
apps-since = Seit { $day }
apps-remove = Zugriff entziehen
apps-empty = Noch ist keine App verbunden. Meldest Du Dich mit diesem Konto bei einer an, erscheint sie hier.
activity-text = Was mit Deinem Konto geschah, das Neueste zuerst.
activity-filter = Zeigen
activity-all = Alles
activity-sign-ins = Anmeldungen
activity-changes = Änderungen
activity-apps = Apps
activity-empty = Noch nichts.
activity-pages = Seiten
activity-newest = Neueste
activity-older = Ältere

## Hinweise, ihre Seite
notifications-text = Diese Auswahl gehört zu Deinem Konto. Sie ist in jedem Deiner Browser dieselbe.
notifications-changed = Zuletzt geändert: { $when } in { $device }.
notifications-changed-plain = Zuletzt geändert: { $when }.
push-state-blocked = Blockiert
push-turn-on = Hier einschalten
push-turn-off = Hier ausschalten
push-test = Probe schicken
push-is-on = Dieser Browser läutet, wenn etwas mit Deinem Konto geschieht.
push-is-off = Wir bitten Deinen Browser um Erlaubnis. Nur Sicherheitshinweise, nie Neuigkeiten oder Angebote.
push-blocked = Dein Browser blockiert Hinweise dieser Seite. Öffne die Einstellungen der Seite neben der Adresse, erlaube Benachrichtigungen und komm dann zurück.
push-unsupported = Dieser Browser kann keine Hinweise zeigen. Die Mails unten bekommst Du trotzdem.
push-install = Auf einem iPhone oder iPad lege diese Seite erst auf den Home-Bildschirm (Teilen, dann „Zum Home-Bildschirm“) und öffne sie von dort.
push-needs-scripts = Hinweise im Browser brauchen JavaScript. Die Mails unten bekommst Du trotzdem.
push-said-on = Hinweise sind an. Ein erster ist unterwegs.
push-said-off = Hinweise sind in diesem Browser aus.
push-said-sent = Geschickt. Gleich sollte er erscheinen.
push-said-later = Das waren viele Proben. Bitte warte ein wenig.
push-said-failed = Das hat nicht geklappt. Prüfe Deine Verbindung und versuche es wieder.
push-said-refused = Dein Browser hat Nein gesagt. Du kannst Hinweise in den Einstellungen der Seite neben der Adresse erlauben.
matrix-title = Wovon wir Dir sagen
matrix-topic = Thema
matrix-switch = { $topic }, { $channel }
matrix-switch-locked = { $topic }, { $channel } (immer an)
matrix-locked = Eine Mail geht immer hinaus: wenn sich Dein Passwort ändert. So kann niemand, der in Dein Konto gelangt, diese Warnung abstellen.
topic-login-new-device = Anmeldung von einem neuen Gerät
topic-credential-changed = Passwort geändert
topic-app-connected = Neue App verbunden
channel-push = Browser
channel-email = E-Mail
prefs-saved = Für alle Browser gespeichert.
prefs-stale = In einem anderen Browser geändert. Einen Augenblick.
prefs-failed = Nicht gespeichert. Prüfe Deine Verbindung.
browsers-title = Browser, die Hinweise bekommen
browsers-empty = Noch keiner.
browser-added = Hinzugefügt { $day }
browser-delivered = zuletzt zugestellt: { $when }
browser-never = noch nichts zugestellt
browser-failing = nicht erreichbar seit { $day }

## Warst Du das?
question-open-title = Warst Du das?
question-confirmed-title = Das warst Du
question-denied-title = Abgemeldet
question-account = Jemand hat sich bei { $email } angemeldet.
question-yes = Ja, das war ich
question-yes-elsewhere = „Ja“ kannst Du in einem Browser sagen, den Du hier schon länger benutzt.
question-yes-sign-in = Das war ich: zum Bestätigen anmelden
question-no = Nein, das war ich nicht
question-no-does = „Nein“ meldet das Gerät sofort ab. Danach helfen wir Dir, Dein Konto zu sichern.
question-confirmed-text = Du hast uns gesagt, dass dieses Gerät Dir gehört. Wir fragen nicht noch einmal.
question-changed-mind = Das war ich doch nicht
question-denied-text = Das Gerät ist abgemeldet, und alle Apps darauf auch.
question-secure = Mein Konto sichern
secure-title = Sichere Dein Konto
secure-step-ended = Das Gerät ist abgemeldet
secure-step-password = Neues Passwort setzen
secure-step-devices = Geräte durchsehen
secure-password = Ein neues Passwort
secure-password-text = Wer es auch war, kennt vielleicht Dein Passwort. Wähle ein neues, das Du sonst nirgends benutzt.
secure-by-mail = Wer es auch war, kennt vielleicht Dein Passwort. Wir schicken Dir einen Link an Deine E-Mail-Adresse, damit Du ein neues wählen kannst.
secure-review = Deine Geräte
secure-review-text = Kennst Du sie alle? Melde die ab, die Du nicht kennst.
secure-done = Fertig

## Wendungen
device-both = { $browser } auf { $machine }
device-browser = { $browser }
device-machine = Browser auf { $machine }
device-program = Programm
device-unknown = Unbekannter Browser
place-near = bei { $city }
span-seconds = { $count ->
    [one] { $count } Sekunde
   *[other] { $count } Sekunden
}
span-minutes = { $count ->
    [one] { $count } Minute
   *[other] { $count } Minuten
}
span-hours = { $count ->
    [one] { $count } Stunde
   *[other] { $count } Stunden
}
when-today = heute { $time }
when-yesterday = gestern { $time }
when-date = { $date }, { $time }
date-short = { $day }. { $month }
date-long = { $day }. { $month } { $year }
month-1 = Jan.
month-2 = Feb.
month-3 = März
month-4 = Apr.
month-5 = Mai
month-6 = Juni
month-7 = Juli
month-8 = Aug.
month-9 = Sept.
month-10 = Okt.
month-11 = Nov.
month-12 = Dez.

## Warum mehr verlangt wird
reason-own-choice = Du hast für Dein Konto einen zweiten Schritt eingerichtet.
reason-policy = Wer sich hier anmeldet, wird nach einem zweiten Schritt gefragt.
reason-operator = Mit Deinem Konto lässt sich dieser Dienst verwalten, darum schützen wir es besser.
reason-app = Die App, zu der Du gehst, verlangt es.
reason-sensitive-change = Du willst etwas Wichtiges ändern.
reason-new-device = Dieses Gerät kennen wir noch nicht.
reason-new-country = Aus diesem Land hast Du Dich noch nie angemeldet.
reason-impossible-travel = Die letzte Anmeldung war zu weit weg für die Zeit dazwischen.
reason-long-inactivity = Du hast Dich lange nicht angemeldet.
reason-many-accounts = Jemand hat aus diesem Netz viele Konten ausprobiert.
reason-many-addresses = Jemand hat dieses Konto von vielen Orten aus ausprobiert.

## Was geschah
event-account-created = Du hast Dein Konto angelegt
event-account-invited = Eingeladen, ein Konto anzulegen
event-registration-requested = Jemand wollte sich mit Deiner Adresse registrieren
event-password-reset-requested = Ein Link für ein neues Passwort wurde verlangt
event-login-succeeded = Angemeldet
event-login-succeeded-app = Angemeldet bei { $app }
event-login-new-device = Neues Gerät angemeldet
event-login-new-device-app = Neues Gerät angemeldet bei { $app }
event-login-guessing = Viele falsche Passwörter. Weitere Versuche haben wir gebremst
event-device-confirmed = Du hast gesagt, dass { $device } Dir gehört
event-login-denied = Du hast „das war ich nicht“ zu { $device } gesagt. Das Gerät wurde abgemeldet
event-device-forgotten = { $device } wurde vergessen
event-session-ended-signed-out = Abgemeldet
event-session-ended-signed-out-by-app = Von einer App aus abgemeldet
event-session-ended-ended-by-owner = Du hast { $device } abgemeldet
event-session-ended-denied = { $device } wurde abgemeldet, weil Du es nicht warst
event-session-ended-password-changed = { $device } wurde abgemeldet, weil sich das Passwort änderte
event-session-ended-replaced = Noch einmal angemeldet in { $device }
event-session-ended-ended-by-operator = { $device } wurde von einem Betreiber abgemeldet
event-password-changed = Passwort geändert
event-password-reset = Passwort per Mail neu gesetzt
event-app-connected = { $app } verbunden
event-app-removed = { $app } entfernt
event-push-enabled = Hinweise eingeschaltet
event-push-test = Probehinweis geschickt
event-push-disabled = Hinweise ausgeschaltet in { $device }
event-push-gone = { $device } ist für Hinweise nicht mehr erreichbar
event-preferences-changed-on = „{ $topic }“ eingeschaltet ({ $channel })
event-preferences-changed-off = „{ $topic }“ ausgeschaltet ({ $channel })
event-profile-changed = Profil geändert
event-token-replayed = { $app } wurde getrennt: Ihr Schlüssel wurde zweimal benutzt
fact-device = Gerät
fact-place = Ort
fact-time = Zeit
fact-app = App
fact-scopes = Darf

## Hinweise
notice-hidden-title = { $brand }: Sicherheitshinweis
notice-hidden-body = Öffne ihn, um ihn zu sehen.
notice-new-device-title = Neue Anmeldung bei { $brand }
notice-new-device-body = { $facts }. Warst Du das?
notice-new-device-body-app = { $facts }, bei { $app }. Warst Du das?
notice-guessing-title = Jemand probiert Dein Passwort aus
notice-guessing-body = Zu viele falsche Passwörter: { $facts }. Wir haben das gebremst.
notice-password-changed-title = Passwort geändert
notice-password-changed-body = { $facts }. Das warst Du nicht? Sichere jetzt Dein Konto.
notice-password-changed-body-mail = Per Mail neu gesetzt: { $facts }. Das warst Du nicht? Sichere jetzt Dein Konto.
notice-app-connected-title = { $app } verbunden
notice-app-connected-body = Die App sieht jetzt, was Du erlaubt hast. Du kannst sie jederzeit entfernen.
notice-push-enabled-title = Hinweise sind in diesem Browser an
notice-push-enabled-body = Du hörst nur von Anmeldungen und Änderungen.
notice-push-test-title = Es klappt
notice-push-test-body = Das ist die Probe, die Du um { $time } wolltest.
notice-push-disabled-title = Hinweise sind in diesem Browser aus
notice-push-disabled-body = Dies ist der letzte. Du kannst sie jederzeit wieder einschalten.
notice-action-yes = Ja, das war ich
notice-action-no = Nein, Konto sichern
notice-action-secure = Konto sichern
notice-action-ok = OK
notice-action-manage = Verwalten
notice-action-settings = Einstellungen
notice-action-off = Ausschalten

## Mails
mail-greeting-plain = Hallo,
mail-greeting = Hallo { $name },
mail-settings = Hinweise einstellen
mail-confirm-address-subject = Bestätige Deine Adresse für { $brand }
mail-confirm-address-lead = Willkommen bei { $brand }. Ein Klick, und Dein Konto ist da.
mail-confirm-address-button = Adresse bestätigen
mail-confirm-address-after = Der Link gilt { $span } lang und ein Mal. In einem anderen Browser fragt er nach dem Code, der im ersten steht. Du wolltest das nicht? Dann tu nichts, und es entsteht kein Konto.
mail-confirm-address-why = Du bekommst dies, weil jemand diese Adresse bei { $brand } eingegeben hat.
mail-have-account-subject = Du hast schon ein Konto bei { $brand }
mail-have-account-lead = Jemand, wahrscheinlich Du, wollte mit dieser Adresse ein Konto anlegen. Es gibt schon eines, darum wurde nichts geändert.
mail-have-account-button = Anmelden
mail-have-account-after = Das warst Du nicht? Dann ist nichts zu tun.
mail-have-account-second = Passwort vergessen? Setze ein neues
mail-have-account-why = Du bekommst dies, weil jemand Deine Adresse bei { $brand } eingegeben hat.
mail-invitation-subject = Du bist zu { $brand } eingeladen
mail-invitation-lead = Ein Klick, und Du legst Dein Konto an. Deine Adresse ist damit bestätigt.
mail-invitation-button = Mein Konto anlegen
mail-invitation-after = Der Link gilt { $span } lang und ein Mal. Du weißt nichts davon? Dann tu nichts, und es entsteht kein Konto.
mail-invitation-why = Du bekommst dies, weil die Betreiber von { $brand } diese Adresse eingeladen haben.
mail-reset-password-subject = Setze ein neues Passwort für { $brand }
mail-reset-password-lead = Hier ist der Link, den Du wolltest.
mail-reset-password-button = Neues Passwort wählen
mail-reset-password-after = Der Link gilt { $span } lang und ein Mal. Du wolltest ihn nicht? Dann tu nichts: Dein Passwort bleibt, wie es ist.
mail-reset-password-why = Du bekommst dies, weil jemand bei { $brand } ein neues Passwort verlangt hat.
mail-new-sign-in-subject = Neue Anmeldung bei { $brand }
mail-new-sign-in-lead = Ein Gerät, das wir nicht kennen, hat sich bei Deinem Konto angemeldet. Warst Du das?
mail-new-sign-in-button = Nein, das war ich nicht
mail-new-sign-in-after = Das warst Du? Dann ist nichts zu tun.
mail-new-sign-in-why = Du bekommst dies, weil Du von neuen Geräten hören willst.
mail-guessing-subject = Jemand probiert Dein Passwort für { $brand } aus
mail-guessing-lead = Für Dein Konto wurden zu viele falsche Passwörter eingegeben; deshalb haben wir das Probieren gebremst. Von einem Gerät, das Du bestätigt hast, kannst Du dich weiter anmelden.
mail-guessing-button = Neues Passwort festlegen
mail-guessing-after = Warst Du das, mit einem alten Passwort? Dann ist nichts zu tun.
mail-guessing-why = Du bekommst diese Mail, weil Du von Anmeldungen bei Deinem Konto hören willst.
mail-password-changed-subject = Dein Passwort bei { $brand } wurde geändert
mail-password-changed-lead = Das Passwort Deines Kontos wurde geändert.
mail-password-changed-lead-mail = Das Passwort Deines Kontos wurde über einen Link in einer Mail neu gesetzt.
mail-password-changed-button = Das war ich nicht: neues Passwort setzen
mail-password-changed-after = Das warst Du? Dann ist nichts zu tun.
mail-password-changed-why = Diese Mail bekommst Du immer, damit niemand sie abstellen kann.
mail-app-connected-subject = { $app } ist mit Deinem Konto bei { $brand } verbunden
mail-app-connected-lead = Du lässt { $app } etwas von Deinem Konto sehen.
mail-app-connected-button = Verbundene Apps ansehen
mail-app-connected-after = Du kennst die App nicht? Entziehe ihr dort den Zugriff und ändere Dein Passwort.
mail-app-connected-why = Du bekommst dies, weil Du von neuen Apps hören willst.
mail-push-off-subject = Hinweise sind aus in { $device }
mail-push-off-lead = Hinweise von { $brand } wurden in einem Deiner Browser ausgeschaltet.
mail-push-off-button = Hinweise einstellen
mail-push-off-after = Das warst Du nicht? Sieh Deine Geräte durch und ändere Dein Passwort.
mail-push-off-why = Du bekommst dies, weil in diesem Browser Hinweise an waren.
mail-push-gone-subject = { $device } bekommt keine Hinweise mehr
mail-push-gone-lead = Einer Deiner Browser ist nicht mehr erreichbar. Vielleicht wurden seine Daten gelöscht oder Hinweise dort blockiert.
mail-push-gone-button = Hinweise einstellen
mail-push-gone-after = Öffne Dein Konto in diesem Browser und schalte die Hinweise wieder ein, wenn Du ihn noch benutzt.
mail-push-gone-why = Du bekommst dies, weil in diesem Browser Hinweise an waren.
