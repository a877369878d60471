# English. Plain, warm, short. One idea per sentence.

## Everywhere
skip = Skip to content
language = Language
set = Set
help = Help
privacy = Privacy
terms = Terms
email = Email
name = Your name
password = Password
new-password = New password
current-password = Current password
show = Show
hide = Hide
caps-lock = Caps Lock is on.
save = Save
remove = Remove
details = Details
on = On
off = Off
continue = Continue
continue-to = Continue to { $app }
back-to-app = Back to { $app }
back-to-login = Back to sign-in
sign-out = Sign out
this-browser = This browser
to-continue = to continue to { $app }
was-this-you = Was this you?
list-comma = {", "}
list-semicolon = {"; "}

## Messages after something was done
banner-saved = Saved.
banner-password-changed = Your password is changed.
banner-password-changed-others-out = Your password is changed, and your other devices are signed out.
banner-device-ended = That device is signed out.
banner-others-ended = All other devices are signed out.
banner-device-forgotten = That device is forgotten. If it signs in again, we’ll tell you.
banner-app-removed = That app can’t see your account any more.
banner-subscription-removed = That browser gets no notices any more.
banner-preferences-saved = Saved for every browser.
banner-preferences-stale = These choices were changed in another browser. Here is how they stand now; please choose again.
banner-mail-sent = We sent the mail again.
banner-email-confirmed = Your address is confirmed.
banner-gone = That is no longer there. Nothing was changed.

## What is wrong with a field
problem-email = That doesn’t look like a mail address. Write it like name@example.com.
problem-name = Please tell us your name, in up to 100 characters.
problem-brand = Please give a name, in up to 60 characters.
problem-locale = We don’t speak that language yet. Choose one from the list.
problem-time-zone = We don’t know that time zone. Choose one from the list.
problem-too-many = Too many tries. Please wait { $span }, then try again.
change-problem-wrong = That isn’t your current password.
password-too-short = Too short. Use at least { $min } characters.
password-too-long = Too long. Use at most { $max } characters.
password-too-common = This is one of the passwords that everyone tries first. Choose another.
password-guessable = This would be guessed quickly. Add a word or two that don’t belong together.
password-contains-you = Leave out your name, your address and the name of this service.
password-breached = This password was found in a leak elsewhere. Choose one that you use nowhere else.
password-same = This is your old password. Choose a new one.
rule-length = At least { $min } characters
rule-yours = Without your name or address
rule-common = Not easy to guess: a few random words work well

## Sign-in
login-title = Sign in
login-submit = Sign in
login-again = Confirm that it’s you
login-as = You are signing in as { $email }.
login-problem-wrong = That email and password don’t match. Check both and try again.
login-problem-restarted = That took a while, so we started over. Please sign in.
forgot = Forgot it?
new-here = New here?
create-account = Create an account
have-account = Have an account already?

## Register
register-title = Create your account
register-submit = Create account
invite-title = Make your account
invite-for = You are invited as { $email }.
check-mail-title = Check your mail
check-mail-sent = We sent a link to { $email }.
check-mail-then = Open it and you’ll go on to { $app }.
check-mail-then-here = Open it and you’ll go on from here.
check-mail-code = If you open the link in another browser, type this code there:
check-mail-waiting = This page goes on by itself once the link was opened.
check-mail-nothing = Nothing there? Look in the spam folder, or
check-mail-resend = send it again
check-mail-other = Use another address
confirm-title = Confirm your address
confirm-yours = Is { $email } your address?
confirm-code = 6-digit code
confirm-code-hint = The code is shown in the browser where you created the account.
confirm-wrong-code = That isn’t the code. Look at the browser where you created the account.
confirm-submit = Confirm
confirm-not-you = You didn’t create an account? Close this page and nothing happens.
confirmed-title = Address confirmed
confirmed-text = { $email } is yours.
confirmed-go-back = Go back to the browser where you began. It goes on by itself. You can close this page.

## Forgotten password
recover-title = Set a new password
recover-text = Tell us your mail address and we’ll send you a link.
recover-submit = Send me a link
recover-sent = If { $email } has an account here, a link to set a new password is on its way.
recover-sent-nothing = Nothing there? Look in the spam folder, and check that this is the address you signed up with.
recover-resend = Send the link again
reset-title = Choose a new password
reset-for = for { $email }
reset-signs-out = This signs you out everywhere, so that nobody else stays in.
reset-submit = Set password
reset-done-title = Your password is set
reset-done-text = Every device was signed out. Sign in with your new password.

## Signed in
offer-title = You’re signed in
offer-hello = Good to see you, { $name }.
offer-question = Get a notice here when someone signs in to your account?
offer-text = Only security notices. Never news or offers. You can turn them off any time.
offer-on = Notices are on in this browser
offer-on-next = A first one is on its way.
offer-blocked = Notices are blocked in this browser
offer-turn-on = Turn on
offer-not-now = Not now
offer-never = Don’t ask again

## Consent
consent-title = { $app } would like to know you
consent-as = You are signed in as { $email }.
consent-will-see = { $app } will be able to:
consent-goes-to = You go on to { $host }.
consent-later = You can remove this later under Connected apps.
consent-allow = Allow
consent-deny = Deny
consent-about = About { $app }
scope-openid = know that it’s you when you come back
scope-profile = see your name, language and time zone
scope-email = see your mail address
scope-offline-access = stay connected when you are not there

## Sign-out
logout-title = Sign out?
logout-text = You are signed in as { $email }.
logout-app = { $app } asks to sign you out. You are signed in as { $email }.
logout-stay = Stay signed in
signed-out-title = You’re signed out
signed-out-text = Nobody can get into your account from this browser without signing in again.

## Set-up
setup-title = Set up Watchbell
setup-text = You do this once. It makes you the operator.
setup-brand = Name of your company or product
setup-brand-hint = People read it on every page, mail and notice.
setup-you = Your own account
setup-submit = Finish
setup-done-title = All set
setup-done-text = { $brand } is ready. Sign in with the account you have just made.

## Errors
error-title = Error
error-flow-gone-title = Error: this sign-in is over
error-flow-gone-text = It took too long, or was finished in another tab. Start again; it takes a moment.
error-other-browser-title = Error: this sign-in began in another browser
error-other-browser-text = For your safety it can only go on there. Or begin a new one here.
error-link-gone-title = Error: this link doesn’t work any more
error-link-gone-text = It was used, it is too old, or we sent you a newer one. Look for the latest mail.
error-taken-title = Error: this address has an account already
error-taken-text = Someone confirmed it in the meantime, most likely you. Sign in, or set a new password.
error-setup-closed-title = Error: set-up is closed
error-setup-closed-text = It was done before, or this link is not the newest. The newest link is the one the server printed last.
error-registration-closed-title = Error: you can’t create an account here
error-registration-closed-text = Accounts are made by the people who run this service. Please ask them.
error-not-found-title = Error: there is nothing here
error-not-found-text = The page doesn’t exist, or it isn’t yours to see.
error-too-many-title = Error: too many tries
error-too-many-text = Please wait { $span }, then try again. Nothing is lost.
error-cross-site-title = Error: that form came from elsewhere
error-cross-site-text = Your browser says that the form was sent from another site, so we did nothing. Open the page here and send it again.
error-unreadable-title = Error: we couldn’t read that
error-unreadable-text = Something was missing from the form. Go back and try once more.
error-busy-title = Error: very busy just now
error-busy-text = Too many people at once. Please try again in a few seconds.
error-broken-title = Error on our side
error-broken-text = Something went wrong, and it isn’t your fault. Please try again. If it stays, tell us the number below.
error-request = Error in the app’s request: { $code }
error-request-parameter = Error in the app’s request: { $parameter }
error-request-app = { $app } sent you here with a request that we can’t answer. There is nothing you can do; its developers have to mend it.
error-request-text = An app sent you here with a request that we can’t answer. There is nothing you can do; its developers have to mend it.
error-developers = For developers
error-registered = Registered values:
error-request-id = Number of this error:
error-start-again = Start again
error-new-link = Get a new link
error-try-again = Try again
error-home = To your account

## The account
nav-account = Account
nav-overview = Overview
nav-profile = Profile
nav-sign-in = Sign-in
nav-devices = Devices
nav-apps = Connected apps
nav-notifications = Notifications
nav-activity = Security activity
overview-hello = Hello, { $name }
overview-devices = { $count ->
    [one] { $count } device
   *[other] { $count } devices
}
overview-apps = { $count ->
    [0] no apps
    [one] { $count } app
   *[other] { $count } apps
}
overview-notices-here = notices on here
overview-notices-elsewhere = notices on, but not in this browser
overview-notices-off = notices off
overview-must-secure = You said: “It wasn’t me”
overview-must-secure-text = That sign-in was ended. Whoever it was knew your password: set a new one now.
overview-question = Someone signed in. Was this you?
overview-question-text = It was a device that we don’t know yet. Please have a look.
overview-question-look = Have a look
overview-next-notices = Hear of it when someone signs in
overview-next-text = Turn on notices in this browser, and we’ll ask you about every new device.
overview-next-elsewhere = Notices are on for your account, but not in this browser.
overview-next-button = Notification settings
overview-all-well = All is well
overview-all-well-text = We’ll ring this browser when someone signs in from a new device.
overview-recent = Recent activity
overview-all-activity = All activity
profile-text = What apps may see of you, and how we speak to you.
profile-email-hint = You sign in with this address.
profile-browser-language = As in my browser
profile-time-zone = Time zone
sign-in-with = You sign in as { $email }.
sign-in-changed = Last changed { $when }.
sign-in-forgot = You don’t know it any more?
end-others = Sign out my other devices
change-password = Change password
devices-text = Where you are signed in. You don’t know one of them? Sign it out and change your password.
devices-hint = Signing a device out also stops its notices. A forgotten device counts as new when it signs in again.
device-signed-out = signed out
device-not-known = not confirmed
device-now = here, now
device-last-seen = last seen { $when }
device-first-seen = since { $day }
sign-out-device = Sign out
sign-out-others = Sign out all others
forget-device = Forget
app-last-used = last used { $when }
apps-text = Apps that you let see something of your account.
apps-since = Since { $day }
apps-remove = Remove access
apps-empty = No app is connected yet. When you sign in to one with this account, it shows up here.
activity-text = What happened to your account, newest first.
activity-filter = Show
activity-all = Everything
activity-sign-ins = Sign-ins
activity-changes = Changes
activity-apps = Apps
activity-empty = Nothing here yet.
activity-pages = Pages
activity-newest = Newest
activity-older = Older

## Notices, their page
notifications-text = These choices belong to your account. They are the same in every browser you use.
notifications-changed = Last changed { $when } in { $device }.
notifications-changed-plain = Last changed { $when }.
push-state-blocked = Blocked
push-turn-on = Turn on here
push-turn-off = Turn off here
push-test = Send a test
push-is-on = This browser rings when something happens to your account.
push-is-off = We’ll ask your browser for permission. Only security notices, never news or offers.
push-blocked = Your browser blocks notices from this site. Open the site settings next to the address, set Notifications to Allow, then come back.
push-unsupported = This browser can’t show notices. You still get the mails below.
push-install = On an iPhone or iPad, first add this site to your home screen (Share, then Add to Home Screen), then open it from there.
push-needs-scripts = Notices in the browser need JavaScript. You still get the mails below.
push-said-on = Notices are on. A first one is on its way.
push-said-off = Notices are off in this browser.
push-said-sent = Sent. It should show in a moment.
push-said-later = That was a lot of tests. Please wait a little.
push-said-failed = That didn’t work. Check your connection and try again.
push-said-refused = Your browser said no. You can allow notices in the site settings next to the address.
matrix-title = What we tell you about
matrix-topic = Topic
matrix-switch = { $topic }, { $channel }
matrix-switch-locked = { $topic }, { $channel } (always on)
matrix-locked = One mail always goes out: when your password changes. So nobody who gets into your account can silence that warning.
topic-login-new-device = Sign-in from a new device
topic-credential-changed = Password changed
topic-app-connected = New app connected
channel-push = Browser
channel-email = Email
prefs-saved = Saved for every browser.
prefs-stale = Changed in another browser. One moment.
prefs-failed = Not saved. Check your connection.
browsers-title = Browsers that get notices
browsers-empty = None yet.
browser-added = Added { $day }
browser-delivered = last delivered { $when }
browser-never = nothing delivered yet
browser-failing = not reachable since { $day }

## Was this you?
question-open-title = Was this you?
question-confirmed-title = This was you
question-denied-title = Signed out
question-account = Someone signed in to { $email }.
question-yes = Yes, it was me
question-yes-elsewhere = To say “Yes”, open this in a browser that you have used here before.
question-yes-sign-in = It was me: sign in to say so
question-no = No, it wasn’t me
question-no-does = “No” signs that device out at once. Then we help you to secure your account.
question-confirmed-text = You told us that this device is yours. We won’t ask about it again.
question-changed-mind = It wasn’t me after all
question-denied-text = That device is signed out, and every app on it, too.
question-secure = Secure my account
secure-title = Secure your account
secure-step-ended = That device is signed out
secure-step-password = Set a new password
secure-step-devices = Look through your devices
secure-password = A new password
secure-password-text = Whoever it was may know your password. Choose a new one that you use nowhere else.
secure-by-mail = Whoever it was may know your password. We’ll send a link to your mail address so that you can choose a new one.
secure-review = Your devices
secure-review-text = Do you know all of them? Sign out those you don’t.
secure-done = Done

## Phrases
device-both = { $browser } on { $machine }
device-browser = { $browser }
device-machine = a browser on { $machine }
device-program = a program
device-unknown = an unknown browser
place-near = near { $city }
span-seconds = { $count ->
    [one] { $count } second
   *[other] { $count } seconds
}
span-minutes = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
}
span-hours = { $count ->
    [one] { $count } hour
   *[other] { $count } hours
}
when-today = today { $time }
when-yesterday = yesterday { $time }
when-date = { $date }, { $time }
date-short = { $day } { $month }
date-long = { $day } { $month } { $year }
month-1 = Jan
month-2 = Feb
month-3 = Mar
month-4 = Apr
month-5 = May
month-6 = Jun
month-7 = Jul
month-8 = Aug
month-9 = Sep
month-10 = Oct
month-11 = Nov
month-12 = Dec

## Why more is asked
reason-own-choice = You set up a second step for your account.
reason-policy = Everyone who signs in here is asked for a second step.
reason-operator = Your account can run this service, so we guard it more closely.
reason-app = The app you are going to asks for it.
reason-sensitive-change = You are about to change something important.
reason-new-device = We don’t know this device yet.
reason-new-country = You haven’t signed in from this country before.
reason-impossible-travel = The last sign-in was too far away for the time between.
reason-long-inactivity = You haven’t signed in for a long time.
reason-many-accounts = Someone has tried many accounts from this network.
reason-many-addresses = Someone has tried this account from many places.

## What happened
event-account-created = You created your account
event-account-invited = Invited to make an account
event-registration-requested = Someone wanted to register with your address
event-password-reset-requested = A link to set a new password was asked for
event-login-succeeded = Signed in
event-login-succeeded-app = Signed in to { $app }
event-login-new-device = New device signed in
event-login-new-device-app = New device signed in to { $app }
event-login-guessing = Many wrong passwords. We slowed further tries down
event-device-confirmed = You said that { $device } is yours
event-login-denied = You said “it wasn’t me” to { $device }. It was signed out
event-device-forgotten = { $device } was forgotten
event-session-ended-signed-out = Signed out
event-session-ended-signed-out-by-app = Signed out from an app
event-session-ended-ended-by-owner = You signed out { $device }
event-session-ended-denied = { $device } was signed out, because it wasn’t you
event-session-ended-password-changed = { $device } was signed out, because the password changed
event-session-ended-replaced = Signed in again in { $device }
event-session-ended-ended-by-operator = { $device } was signed out by an operator
event-password-changed = Password changed
event-password-reset = Password set anew by mail
event-app-connected = { $app } connected
event-app-removed = { $app } removed
event-push-enabled = Notices turned on
event-push-test = Test notice sent
event-push-disabled = Notices turned off in { $device }
event-push-gone = { $device } can’t be reached with notices any more
event-preferences-changed-on = “{ $topic }” turned on ({ $channel })
event-preferences-changed-off = “{ $topic }” turned off ({ $channel })
event-profile-changed = Profile changed
event-token-replayed = { $app } was disconnected: its key was used twice
fact-device = Device
fact-place = Place
fact-time = Time
fact-app = App
fact-scopes = Can

## Notices
notice-hidden-title = { $brand }: security notice
notice-hidden-body = Open to see it.
notice-new-device-title = New sign-in to { $brand }
notice-new-device-body = { $facts }. Was this you?
notice-new-device-body-app = { $facts }, to { $app }. Was this you?
notice-guessing-title = Someone is guessing your password
notice-guessing-body = Too many wrong passwords: { $facts }. We have slowed them down.
notice-password-changed-title = Password changed
notice-password-changed-body = { $facts }. Not you? Secure your account now.
notice-password-changed-body-mail = Set anew by mail: { $facts }. Not you? Secure your account now.
notice-app-connected-title = { $app } connected
notice-app-connected-body = It can now see what you allowed. You can remove it any time.
notice-push-enabled-title = Notices are on in this browser
notice-push-enabled-body = You’ll hear about sign-ins and changes only.
notice-push-test-title = It works
notice-push-test-body = This is the test you asked for at { $time }.
notice-push-disabled-title = Notices are off in this browser
notice-push-disabled-body = This is the last one. You can turn them on again any time.
notice-action-yes = Yes, it was me
notice-action-no = No, secure account
notice-action-secure = Secure account
notice-action-ok = OK
notice-action-manage = Manage
notice-action-settings = Settings
notice-action-off = Turn off

## Mails
mail-greeting-plain = Hello,
mail-greeting = Hello { $name },
mail-settings = Notification settings
mail-confirm-address-subject = Confirm your address for { $brand }
mail-confirm-address-lead = Welcome to { $brand }. One click and your account is there.
mail-confirm-address-button = Confirm address
mail-confirm-address-after = The link works for { $span }, once. Opened in another browser, it asks for the code shown in the first one. You didn’t ask for this? Then do nothing, and no account is made.
mail-confirm-address-why = You get this because someone entered this address at { $brand }.
mail-have-account-subject = You have an account at { $brand } already
mail-have-account-lead = Someone, most likely you, wanted to create an account with this address. There is one already, so nothing was changed.
mail-have-account-button = Sign in
mail-have-account-after = It wasn’t you? Then there is nothing to do.
mail-have-account-second = Forgot your password? Set a new one
mail-have-account-why = You get this because someone entered your address at { $brand }.
mail-invitation-subject = You are invited to { $brand }
mail-invitation-lead = Make your account with one click. Your address is confirmed by it.
mail-invitation-button = Make my account
mail-invitation-after = The link works for { $span }, once. You know nothing of this? Then do nothing, and no account is made.
mail-invitation-why = You get this because the people who run { $brand } invited this address.
mail-reset-password-subject = Set a new password for { $brand }
mail-reset-password-lead = Here is the link you asked for.
mail-reset-password-button = Choose a new password
mail-reset-password-after = The link works for { $span }, once. You didn’t ask for it? Then do nothing: your password stays as it is.
mail-reset-password-why = You get this because someone asked for a new password at { $brand }.
mail-new-sign-in-subject = New sign-in to { $brand }
mail-new-sign-in-lead = A device that we don’t know has signed in to your account. Was this you?
mail-new-sign-in-button = No, it wasn’t me
mail-new-sign-in-after = It was you? Then there is nothing to do.
mail-new-sign-in-why = You get this because you want to hear about new devices.
mail-guessing-subject = Someone is guessing your { $brand } password
mail-guessing-lead = There were too many wrong passwords for your account, so we have slowed the guessing down. You can still sign in from a device that you have confirmed.
mail-guessing-button = Set a new password
mail-guessing-after = Was it you, with an old password? Then there is nothing to do.
mail-guessing-why = You get this mail because you want to hear about sign-ins to your account.
mail-password-changed-subject = Your { $brand } password was changed
mail-password-changed-lead = The password of your account was changed.
mail-password-changed-lead-mail = The password of your account was set anew through a link in a mail.
mail-password-changed-button = It wasn’t me: set a new password
mail-password-changed-after = It was you? Then there is nothing to do.
mail-password-changed-why = You always get this mail, so that nobody can silence it.
mail-app-connected-subject = { $app } is connected to your { $brand } account
mail-app-connected-lead = You let { $app } see something of your account.
mail-app-connected-button = See connected apps
mail-app-connected-after = You don’t know this app? Remove its access there, and change your password.
mail-app-connected-why = You get this because you want to hear about new apps.
mail-push-off-subject = Notices are off in { $device }
mail-push-off-lead = Notices of { $brand } were turned off in a browser of yours.
mail-push-off-button = Notification settings
mail-push-off-after = It wasn’t you? Look through your devices, and change your password.
mail-push-off-why = You get this because notices were on in that browser.
mail-push-gone-subject = { $device } gets no notices any more
mail-push-gone-lead = A browser of yours can’t be reached any more. Perhaps its data was cleared, or notices were blocked there.
mail-push-gone-button = Notification settings
mail-push-gone-after = Open your account in that browser and turn notices on again, if you still use it.
mail-push-gone-why = You get this because notices were on in that browser.
