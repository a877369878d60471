# العربية. بسيطة ودودة قصيرة.

## في كل مكان
skip = انتقل إلى المحتوى
language = اللغة
set = اختر
help = المساعدة
privacy = الخصوصية
terms = الشروط
email = البريد الإلكتروني
name = اسمك
password = كلمة المرور
new-password = كلمة مرور جديدة
current-password = كلمة المرور الحالية
show = إظهار
hide = إخفاء
caps-lock = مفتاح الأحرف الكبيرة مفعّل.
save = حفظ
remove = إزالة
cancel = إلغاء
back = رجوع
details = التفاصيل
on = مفعّل
off = متوقف
continue = متابعة
continue-to = المتابعة إلى { $app }
back-to-app = العودة إلى { $app }
back-to-login = العودة إلى تسجيل الدخول
sign-out = تسجيل الخروج
this-browser = هذا المتصفح
to-continue = للمتابعة إلى { $app }
was-this-you = هل كان هذا أنت؟
list-comma = {"، "}
list-semicolon = {"؛ "}

## رسائل بعد ما تم
banner-saved = تم الحفظ.
banner-password-changed = تم تغيير كلمة المرور.
banner-password-changed-others-out = تم تغيير كلمة المرور، وسُجّل خروج أجهزتك الأخرى.
banner-totp-added = تم الإعداد. سنطلب رمزًا من التطبيق ابتداءً من تسجيل الدخول القادم.
banner-totp-removed = أُزيل تطبيق المصادقة.
banner-device-asked = سيُطلب من هذا الجهاز إتمام الخطوة الثانية مجددًا.
banner-device-ended = سُجّل خروج ذلك الجهاز.
banner-others-ended = سُجّل خروج كل الأجهزة الأخرى.
banner-device-forgotten = نسينا ذلك الجهاز. إذا سجّل الدخول مجددًا فسنخبرك.
banner-app-removed = لم يعد بإمكان ذلك التطبيق رؤية حسابك.
banner-app-ended = سُجّل الخروج من ذلك التطبيق هناك.
banner-subscription-removed = لن تصل تنبيهات إلى ذلك المتصفح بعد الآن.
banner-preferences-saved = تم الحفظ لكل المتصفحات.
banner-preferences-stale = تغيّرت هذه الاختيارات في متصفح آخر في هذه الأثناء. ما اخترته ما زال هنا، وبجانبه الوضع الحالي. احفظ مرة أخرى للاحتفاظ باختيارك.
banner-mail-sent = أرسلنا الرسالة مرة أخرى.
banner-email-confirmed = تم تأكيد عنوانك.
banner-identity-linked = تم الربط. يمكنك من الآن تسجيل الدخول به.
banner-identity-unlinked = تم الفصل. لن يسجّل به أحد الدخول هنا بعد الآن.
banner-gone = لم يعد ذلك موجودًا. لم يتغيّر شيء.
banner-key-added = تمت الإضافة. يمكنك تسجيل الدخول به من الآن.
banner-key-renamed = تم تغيير الاسم.
banner-key-removed = تمت الإزالة. لم يعد يفتح حسابك.
banner-last-way-in = هذه طريقتك الوحيدة لتسجيل الدخول. أضف طريقة أخرى أولًا ثم أزل هذه.

## ما الخطأ في الحقل
problem-email = لا يبدو هذا عنوان بريد. اكتبه مثل name@example.com.
problem-name = أخبرنا باسمك من فضلك، في 100 حرف على الأكثر.
problem-brand = أدخل اسمًا من فضلك، في 60 حرفًا على الأكثر.
problem-locale = لا نتحدث هذه اللغة بعد. اختر واحدة من القائمة.
problem-time-zone = لا نعرف هذه المنطقة الزمنية. اختر واحدة من القائمة.
problem-phone = لا يبدو هذا رقم هاتف. ابدأ بعلامة + ورمز البلد، ولا تكتب (0)، مثل { $example }.
problem-too-many = محاولات كثيرة جدًا. انتظر { $span } من فضلك، ثم حاول مجددًا.
change-problem-closed = جُرِّبت كلمات مرور خاطئة كثيرة. عيّن كلمة مرور جديدة عبر البريد أدناه.
change-problem-wrong = هذه ليست كلمة مرورك الحالية.
password-too-short = قصيرة جدًا. استخدم { $min } أحرف على الأقل.
password-too-long = طويلة جدًا. استخدم { $max } حرفًا على الأكثر.
password-too-common = هذه من كلمات المرور التي يجرّبها الجميع أولًا. اختر غيرها.
password-guessable = يسهل تخمينها. أضف كلمة أو كلمتين لا علاقة بينهما.
password-contains-you = لا تستخدم اسمك أو عنوانك أو اسم هذه الخدمة.
password-breached = وُجدت كلمة المرور هذه في تسريب في مكان آخر. اختر واحدة لا تستخدمها في أي مكان آخر.
password-same = هذه كلمة مرورك القديمة. اختر واحدة جديدة.
rule-length = { $min } أحرف على الأقل
rule-yours = بدون اسمك أو عنوانك
rule-common = لا يسهل تخمينها: بضع كلمات عشوائية تفي بالغرض

## تسجيل الدخول
login-title = تسجيل الدخول
login-submit = تسجيل الدخول
login-passkey = سجّل الدخول بمفتاح مرور
login-again = أكّد أن هذا أنت
login-as = أنت تسجّل الدخول باسم { $email }.
login-problem-wrong = البريد وكلمة المرور غير متطابقين. تحقق منهما وحاول مجددًا.
login-problem-closed = جُرِّبت كلمات مرور خاطئة كثيرة. عيّن كلمة مرور جديدة عبر البريد («نسيتها؟») ثم سجّل الدخول من جديد.
login-problem-other-account = هذا حساب آخر. سجّل الدخول بالحساب المذكور هنا.
login-problem-no-passwords = لا تُقبل كلمات المرور هنا. استخدم إحدى الطرق الأخرى.
login-problem-busy = عدد كبير يسجّل الدخول في وقت واحد. حاول مجددًا بعد ثوانٍ من فضلك.
login-problem-restarted = استغرق ذلك وقتًا، فبدأنا من جديد. سجّل الدخول من فضلك.
login-problem-too-many-codes = رموز خاطئة كثيرة، فبدأنا من جديد. سجّل الدخول من فضلك.
login-mail-code = أرسل لي رمزًا بالبريد
login-problem-not-by-mail = يتطلب حسابك أكثر من رمز بالبريد. سجّل الدخول بطريقة أخرى.
forgot = نسيتها؟
new-here = جديد هنا؟
create-account = أنشئ حسابًا
have-account = لديك حساب بالفعل؟
## حسابات لدى مزوّدين آخرين
upstream-or = أو
upstream-others = حسابات أخرى
upstream-continue = المتابعة باستخدام { $provider }
upstream-leaving = ننقلك إلى { $provider }…
upstream-moment = لحظة من فضلك…
upstream-pending-account = يوجد هنا حساب بالعنوان { $email }. سجّل الدخول إليه وسنربط به { $provider } للمرة القادمة.
upstream-pending-who = الحساب { $who } لدى { $provider } غير مرتبط بأي حساب هنا بعد. سجّل الدخول ويمكنك ربطه للمرة القادمة.
upstream-pending = حسابك لدى { $provider } غير مرتبط بأي حساب هنا بعد. سجّل الدخول ويمكنك ربطه للمرة القادمة.
upstream-elsewhere-account = يوجد هنا حساب بالعنوان { $email }. سجّل الدخول إليه كما كنت تفعل، بحساب آخر من الحسابات أدناه، ثم اربط { $provider } من صفحته.
upstream-ask-account = يوجد هنا حساب بالعنوان { $email }. لربط { $provider } به عليك أن تسجّل الدخول إليه أولًا، لكن لم تعد أي وسيلة من وسائله مقبولة هنا. اسأل من يدير هذه الخدمة من فضلك.
upstream-elsewhere = حسابك لدى { $provider } غير مرتبط بأي حساب هنا بعد. إن كان لك حساب هنا فسجّل الدخول كما كنت تفعل، بحساب آخر من الحسابات أدناه، ثم اربط { $provider } من صفحته.
upstream-connect-title = هل تريد ربط { $provider }؟
upstream-connect-who = عندها يفتح { $who } لدى { $provider } هذا الحساب أيضًا، بلا كلمة مرورك.
upstream-connect-text = عندها يفتح حسابك لدى { $provider } هذا الحساب أيضًا، بلا كلمة مرورك.
upstream-connect-care = لا تربطه إلا إذا كان ذلك الحساب لك.
upstream-forget = لا تربطه
upstream-create = أنشئ حسابًا باستخدام { $provider }
upstream-join-title = اقتربت من النهاية
upstream-join-who = أنت قادم من { $provider } باسم { $who }. سنرسل إليك رسالة لتأكيد عنوانك، ولا تحتاج إلى كلمة مرور.
upstream-join-text = أنت قادم من { $provider }. سنرسل إليك رسالة لتأكيد عنوانك، ولا تحتاج إلى كلمة مرور.
upstream-join-instead = سجّل الدخول واربط { $provider }
upstream-cancelled = توقفت لدى { $provider }، فلم يحدث شيء. حاول مجددًا أو سجّل الدخول بطريقة أخرى.
upstream-down = لا يمكن الوصول إلى { $provider } الآن. حاول بعد قليل أو سجّل الدخول بطريقة أخرى.
upstream-not-proven = لم نتمكن من التأكد من صحة الرد من { $provider }، فلم نقبله. حاول مجددًا من فضلك.
upstream-spent = استُخدم هذا الرد من { $provider } من قبل أو وصل متأخرًا. حاول مجددًا من فضلك.
upstream-mixed = لم يأتِ الرد من { $provider }، فلم نقبله. ابدأ من هنا من جديد.
upstream-off = لم يعد { $provider } متاحًا هنا. سجّل الدخول بطريقة أخرى من فضلك.
upstream-somebody-else = هذا الحساب لدى { $provider } غير مرتبط بحسابك. استخدم حسابًا آخر هناك أو طريقة أخرى.
upstream-too-old = يقول { $provider } إنك سجّلت الدخول هناك منذ مدة. سجّل الدخول هناك من جديد أو استخدم طريقة أخرى.
upstream-disabled = لا يمكن استخدام الحساب المرتبط بهذا الحساب لدى { $provider }.
upstream-taken = هذا الحساب لدى { $provider } مرتبط بحساب آخر هنا.
upstream-last-way = ‏{ $provider } هو طريقتك الأخيرة لتسجيل الدخول. أعدّ طريقة أخرى أولًا.

## تسجيل دخول أُوقف
refused-title = أوقفنا تسجيل الدخول هذا
refused-text = هناك شيء غير معتاد فيه، ونفضّل أن نكون حذرين.
refused-why = لماذا؟
refused-what = ما الذي يمكنك فعله
refused-known = سجّل الدخول من جهاز استخدمته هنا من قبل.
refused-reset = أو عيّن كلمة مرور جديدة بالبريد في هذا المتصفح. عندها نعرف أنه متصفحك.

## رمز بالبريد
mail-code-title = سجّل الدخول برمز
mail-code-text = نرسل ستة أرقام إلى عنوانك، وتكتبها هنا في هذا المتصفح.
mail-code-sent = إن كان لدى { $email } حساب هنا، فالرمز في طريقه.
mail-code-label = الرمز من الرسالة
mail-code-hint = ستة أرقام. يعمل عشر دقائق، وفي هذا المتصفح فقط.
mail-code-nothing = لم يصل شيء؟ انظر في مجلد الرسائل غير المرغوبة، أو
mail-code-resend = اطلب رمزًا آخر
mail-code-instead = سجّل الدخول بطريقة أخرى
mail-code-problem-wrong = ليس هذا رمز أحدث رسالة منا. انظر مجددًا، أو اطلب رمزًا آخر.
mail-code-problem-malformed = الرمز ستة أرقام.
mail-code-problem-late = هذا الرمز قديم جدًا. اطلب رمزًا آخر.
mail-code-problem-closed = رموز خاطئة كثيرة لهذا العنوان. سجّل الدخول بطريقة أخرى، أو عيّن كلمة مرور جديدة بالبريد، فتعمل الرموز من جديد.
error-no-mail-code-title = خطأ: لا رموز بالبريد هنا
error-no-mail-code-text = يتطلب هذا الدخول ما هو أقوى من رمز بالبريد.

## إنشاء حساب
register-title = أنشئ حسابك
register-submit = أنشئ الحساب
invite-title = أنشئ حسابك
invite-for = أنت مدعو بالعنوان { $email }.
check-mail-title = تفقّد بريدك
check-mail-sent = أرسلنا رابطًا إلى { $email }.
check-mail-then = افتحه وستتابع إلى { $app }.
check-mail-then-here = افتحه وستتابع من هنا.
check-mail-code = إذا فتحت الرابط في متصفح آخر، فاكتب هناك هذا الرمز:
check-mail-waiting = تتابع هذه الصفحة وحدها بعد فتح الرابط.
check-mail-nothing = لم يصل شيء؟ انظر في مجلد الرسائل غير المرغوبة، أو
check-mail-resend = أرسله مرة أخرى
check-mail-other = استخدم عنوانًا آخر
confirm-title = أكّد عنوانك
confirm-yours = هل { $email } عنوانك؟
confirm-code = رمز من 6 أرقام
confirm-code-hint = يظهر الرمز في المتصفح الذي أنشأت فيه الحساب.
confirm-wrong-code = ليس هذا هو الرمز. انظر في المتصفح الذي أنشأت فيه الحساب.
confirm-submit = تأكيد
confirm-not-you = لم تنشئ حسابًا؟ أغلق هذه الصفحة ولن يحدث شيء.
confirmed-title = تم تأكيد العنوان
confirmed-text = { $email } عنوانك.
confirmed-go-back = عُد إلى المتصفح الذي بدأت فيه. سيتابع وحده. يمكنك إغلاق هذه الصفحة.

## نسيان كلمة المرور
recover-title = عيّن كلمة مرور جديدة
recover-text = أخبرنا بعنوان بريدك وسنرسل إليك رابطًا.
recover-submit = أرسل لي رابطًا
recover-sent = إذا كان لـ { $email } حساب هنا، فإن رابط تعيين كلمة مرور جديدة في الطريق.
recover-sent-nothing = لم يصل شيء؟ انظر في مجلد الرسائل غير المرغوبة، وتأكد أن هذا هو العنوان الذي سجّلت به.
recover-resend = إرسال الرابط مرة أخرى
reset-title = اختر كلمة مرور جديدة
reset-for = لـ { $email }
reset-signs-out = سيُسجّل خروجك في كل مكان، كي لا يبقى أحد غيرك.
reset-submit = عيّن كلمة المرور
reset-done-title = تم تعيين كلمة المرور
reset-done-text = سُجّل خروج كل الأجهزة. سجّل الدخول بكلمة مرورك الجديدة.

## فقدت كل شيء
recovery-link = فقدت خطوتي الثانية أيضًا
recovery-title = فقدت كل شيء؟
recovery-text = تطبيق المصادقة، ورموز الاسترداد، والمفاتيح: ضاع كل شيء؟ هناك طريق للعودة. إنه بطيء، كي لا يسلكه غيرك من دون أن يُرى.
recovery-step-link = نرسل رابطًا إلى عنوان بريدك.
recovery-step-wait = تنتظر { $wait }. وفي أثناء ذلك نخبرك بالبريد وفي كل متصفح تصله تنبيهاتك، ويمكنك إيقافه.
recovery-step-password = ثم تختار كلمة مرور جديدة. ويُزال كل ما عداها مما يُسجَّل به الدخول.
recovery-submit = أرسل لي رابطًا
recovery-only-password = هل هي كلمة المرور وحدها؟
recovery-only-password-link = عيّن واحدة جديدة فورًا
recovery-off = لا يوجد هنا طريق للعودة عبر البريد. اسأل من فضلك القائمين على هذه الخدمة.
recovery-sent = إذا كان لـ { $email } حساب هنا، فإن رسالة بالخطوة التالية في الطريق.
recovery-resend = إرسال الرسالة مرة أخرى
recovery-begin-title = هل تبدأ استرداد الحساب؟
recovery-begin-text = تنتظر { $wait }. وعند انتهائها نرسل إليك رابطًا: { $when }. وحتى ذلك الحين نخبرك في كل مكان أن الاسترداد قد بدأ، ويمكنك إيقافه.
recovery-begin-submit = ابدأ الانتظار
recovery-begin-not-you = لم تطلب هذا؟ أغلق هذه الصفحة ولن يحدث شيء. لكن قد يكون هناك من يستطيع قراءة بريدك.
recovery-waiting-title = استرداد الحساب جارٍ
recovery-waiting-text = كنت أنت؟ فانتظر. سنرسل رابطًا حين يصبح جاهزًا.
recovery-ready-title = استرداد الحساب جاهز
recovery-ready-text = كنت أنت؟ فاستخدم الرابط في أحدث رسالة.
recovery-stop = لم أكن أنا: أوقفه
recovery-stop-does = «أوقفه» ينهيه فورًا. ولا يتغير شيء في حسابك.
recovery-stopped-title = أُوقف استرداد الحساب
recovery-stopped-text = لا يمكن إتمامه بعد الآن. ولم يتغير شيء في الحساب.
recovery-stopped-thief = لم تكن أنت من بدأه؟ إذن هناك من يستطيع قراءة بريدك. غيّر كلمة مرور بريدك أولًا، ثم كلمة مرورك هنا.
recovery-expired-title = انتهت مهلة استرداد الحساب
recovery-expired-text = لم يُتمّه أحد في الوقت المحدد. ولم يتغير شيء في الحساب.
recovery-again = ابدأ من جديد
recovery-finished-title = اكتمل استرداد الحساب
recovery-finished-text = عُيّنت كلمة مرور جديدة، وأُزيل كل ما عداها مما كان يُسجَّل به الدخول.
recovery-finished-thief = لم تكن أنت؟
recovery-by-operator = من أحد القائمين على الخدمة
recovery-finish-title = أهلًا بعودتك: اختر كلمة مرور جديدة
recovery-finish-also = ومع ذلك:
recovery-finish-signs-out = يُسجّل خروجك في كل مكان، وتفقد التطبيقات وصولها.
recovery-finish-factors = يُزال تطبيق المصادقة ورموز الاسترداد ومفاتيح المرور ومفاتيح الأمان.
recovery-finish-linked = تُفصل الحسابات لدى مزودين آخرين: كي لا يدخل أحد بما فقدته.
recovery-finish-later = يمكنك إعداد كل ذلك من جديد بعد تسجيل الدخول.
recovery-finish-submit = عيّن كلمة المرور وسجّل الخروج في كل مكان
recovery-done-title = عاد حسابك إليك
recovery-done-text = عُيّنت كلمة مرورك الجديدة، وسُجّل خروج كل الأجهزة.
recovery-done-next = سجّل الدخول بها. ثم أضف مفتاح مرور، كي لا يحدث هذا مرة أخرى.
## بعد الدخول
offer-title = تم تسجيل دخولك
offer-hello = سعداء برؤيتك، { $name }.
offer-question = هل تريد تنبيهًا هنا عندما يسجّل أحد الدخول إلى حسابك؟
offer-text = تنبيهات الأمان فقط. لا أخبار ولا عروض. يمكنك إيقافها في أي وقت.
offer-on = التنبيهات مفعّلة في هذا المتصفح
offer-on-next = أولها في الطريق.
offer-blocked = التنبيهات محظورة في هذا المتصفح
offer-turn-on = تفعيل
offer-not-now = ليس الآن
offer-never = لا تسألني مجددًا

## الموافقة
consent-title = { $app } يودّ التعرف عليك
consent-as = أنت مسجّل الدخول باسم { $email }.
consent-document = ما تقرؤه عن هذا التطبيق مصدره { $host }. لم يتحقق منه أحد هنا.
consent-itself = سجّل هذا التطبيق نفسه بنفسه. لم يتحقق أحد هنا ممن يقف وراءه.
consent-will-see = سيتمكن { $app } من:
consent-goes-to = ستتابع إلى { $host }.
consent-later = يمكنك سحب ذلك لاحقًا من «التطبيقات المتصلة».
consent-allow = السماح
consent-deny = الرفض
consent-about = عن { $app }
device-title = تسجيل دخول جهاز
device-text = اكتب الرمز الذي يعرضه التلفاز أو البرنامج أو أي جهاز آخر لديك. سترى من يطلب قبل أن تسمح بشيء.
device-label = الرمز على الجهاز
device-hint = ثمانية أحرف لاتينية. لا فرق بين الكبيرة والصغيرة، ولا حاجة إلى الشرطة.
device-warning = لا تكتب إلا رمزًا تراه على جهاز لك. إن أرسله إليك أحد فأغلق هذه الصفحة.
device-problem-malformed = الرمز ثمانية أحرف لاتينية ليس بينها حرف علة. انظر إلى الجهاز مجددًا.
device-problem-wrong = لا جهاز يعرض هذا الرمز. انظر مجددًا، حرفًا حرفًا.
device-problem-late = هذا الرمز قديم جدًا. ابدأ من جديد على الجهاز فيعرض لك رمزًا آخر.
device-problem-used = استُخدم هذا الرمز. إن كان الجهاز ما زال ينتظر فابدأ من جديد عليه ليعرض لك رمزًا آخر.
device-again = اكتب رمزًا آخر
device-apps = انظر التطبيقات المتصلة
device-done-allowed = سُجّل دخول جهازك
device-done-allowed-text = يتابع { $app } هناك من تلقاء نفسه خلال ثوانٍ. يمكنك إغلاق هذه الصفحة.
device-done-denied = لم يُسمح للجهاز بالدخول
device-done-denied-text = لم يحصل { $app } على شيء منك. يمكنك إغلاق هذه الصفحة.
device-done-over = لم يُسمح بشيء
device-done-over-text = سبق البت في طلب { $app } هذا، أو طال الوقت. ابدأ من جديد على الجهاز.
consent-device = جهاز يطلب الدخول إلى حسابك. هل يعرض جهازك هذا الرمز؟
consent-device-what = من يطلب
consent-device-since = منذ
consent-device-warning = ارفض إن لم تبدأ هذا بنفسك الآن على جهازك، أو إن أرسل إليك أحد الرمز أو الرابط: فسيدخل إلى حسابك.
ask-title = يطلب { $app } موافقتك
ask-message = قارن: هل يعرض لك { $app } الشيء نفسه؟
ask-number-label = الرقم الذي يعرضه { $app }
ask-warning = لا تسمح به إلا إذا بدأته بنفسك الآن. إن طلبه منك أحد فارفض: فسيدخل باسمك.
ask-allow = نعم، اسمح به
ask-sign-in-first = سجّل الدخول للسماح
ask-elsewhere = هذا المتصفح أحدث من أن يقول نعم. استخدم متصفحًا آخر لك؛ أما الرفض فممكن هنا أيضًا.
ask-deny = لا
ask-over-allowed = سُمح به
ask-over-allowed-text = سيتابع { $app } من تلقاء نفسه بعد لحظة. يمكنك إغلاق هذه الصفحة.
ask-over-denied = مرفوض
ask-over-denied-text = لم يحصل { $app } على شيء منك. لم تبدأ هذا؟ إذًا حاول شخص آخر: تأكد من أن حسابك آمن.
ask-over-replaced = طُلب من جديد
ask-over-replaced-text = طلب { $app } مرة أخرى منذ ذلك الحين. أجب عن الطلب الأحدث؛ لم يُسمح بشيء عبر هذا.
ask-over-expired = فات الأوان
ask-over-expired-text = لم يُجب أحد في الوقت، فلم يحصل { $app } على شيء. ابدأ هناك من جديد.
scope-openid = معرفة أنك أنت عندما تعود
scope-profile = رؤية اسمك ولغتك ومنطقتك الزمنية وما يخبر به ملفك الشخصي غير ذلك
scope-email = رؤية عنوان بريدك
scope-address = رؤية عنوانك البريدي
scope-phone = رؤية رقم هاتفك
scope-notices = رؤية الإشعارات التي تصلك وفي أي متصفحات، وتغييرها؛ ولا يوقف إشعارات الأمان أبدًا
scope-offline-access = البقاء متصلًا وأنت غائب

## تسجيل الخروج
logout-title = تسجيل الخروج؟
logout-text = أنت مسجّل الدخول باسم { $email }.
logout-app = يطلب { $app } تسجيل خروجك. أنت مسجّل الدخول باسم { $email }.
logout-stay = ابقَ مسجّلًا
signed-out-title = تم تسجيل خروجك
signed-out-text = لا يمكن لأحد الدخول إلى حسابك من هذا المتصفح دون تسجيل الدخول مجددًا.
signed-out-telling = نُبلغ التطبيقات التي استخدمتها هنا. لحظة من فضلك.

## الإعداد
setup-title = إعداد Watchbell
setup-text = تفعل هذا مرة واحدة. يجعلك ذلك المشغّل.
setup-brand = اسم شركتك أو منتجك
setup-brand-hint = يقرؤه الناس في كل صفحة ورسالة وتنبيه.
setup-you = حسابك أنت
setup-submit = إنهاء
setup-done-title = كل شيء جاهز
setup-done-text = { $brand } جاهز. سجّل الدخول بالحساب الذي أنشأته للتو.

## الأخطاء
error-title = خطأ
error-flow-gone-title = خطأ: انتهى تسجيل الدخول هذا
error-flow-gone-text = استغرق وقتًا طويلًا، أو اكتمل في تبويب آخر. ابدأ من جديد؛ لن يأخذ إلا لحظة.
error-other-browser-title = خطأ: بدأ تسجيل الدخول هذا في متصفح آخر
error-other-browser-text = لأمانك لا يمكن متابعته إلا هناك. أو ابدأ واحدًا جديدًا هنا.
error-link-gone-title = خطأ: لم يعد هذا الرابط يعمل
error-link-gone-text = استُخدم، أو صار قديمًا، أو أرسلنا إليك أحدث منه. ابحث عن آخر رسالة.
error-taken-title = خطأ: لهذا العنوان حساب بالفعل
error-taken-text = أكّده أحد في هذه الأثناء، وعلى الأرجح أنت. سجّل الدخول أو عيّن كلمة مرور جديدة.
error-setup-closed-title = خطأ: الإعداد مغلق
error-setup-closed-text = تم من قبل، أو أن هذا الرابط ليس الأحدث. الأحدث هو ما طبعه الخادم أخيرًا.
error-registration-closed-title = خطأ: لا يمكنك إنشاء حساب هنا
error-registration-closed-text = ينشئ الحسابات من يديرون هذه الخدمة. اسألهم من فضلك.
error-not-found-title = خطأ: لا شيء هنا
error-not-found-text = الصفحة غير موجودة، أو ليست لك.
error-too-many-title = خطأ: محاولات كثيرة جدًا
error-too-many-text = انتظر { $span } من فضلك، ثم حاول مجددًا. لم يضع شيء.
error-cross-site-title = خطأ: جاء النموذج من مكان آخر
error-cross-site-text = يقول متصفحك إن النموذج أُرسل من موقع آخر، فلم نفعل شيئًا. افتح الصفحة هنا وأرسله مجددًا.
error-unreadable-title = خطأ: لم نستطع قراءة ذلك
error-unreadable-text = كان شيء ما ناقصًا في النموذج. عُد وحاول مرة أخرى.
error-busy-title = خطأ: ازدحام شديد الآن
error-busy-text = عدد كبير في وقت واحد. حاول مجددًا بعد ثوانٍ من فضلك.
error-broken-title = خطأ من جانبنا
error-broken-text = حدث خلل، وليس ذنبك. حاول مجددًا من فضلك. إذا استمر فأخبرنا بالرقم أدناه.
error-request = خطأ في طلب التطبيق: { $code }
error-request-parameter = خطأ في طلب التطبيق: { $parameter }
error-request-app = أرسلك { $app } إلى هنا بطلب لا يمكننا الرد عليه. لا يمكنك فعل شيء؛ على مطوّريه إصلاحه.
error-request-text = أرسلك تطبيق إلى هنا بطلب لا يمكننا الرد عليه. لا يمكنك فعل شيء؛ على مطوّريه إصلاحه.
error-pushed-gone-app = استغرق وقتًا طويلًا، أو اكتمل من قبل. عُد إلى { $app } وسجّل الدخول من جديد؛ لن يأخذ إلا لحظة.
error-pushed-gone-text = استغرق وقتًا طويلًا، أو اكتمل من قبل. عُد إلى التطبيق وسجّل الدخول من جديد؛ لن يأخذ إلا لحظة.
error-developers = للمطوّرين
error-registered = القيم المسجّلة:
error-request-id = رقم هذا الخطأ:
error-start-again = ابدأ من جديد
error-new-link = احصل على رابط جديد
error-try-again = حاول مجددًا
error-home = إلى حسابك

## الحساب
nav-account = الحساب
nav-overview = نظرة عامة
nav-profile = الملف الشخصي
nav-sign-in = تسجيل الدخول
nav-devices = الأجهزة
nav-apps = التطبيقات المتصلة
nav-notifications = التنبيهات
nav-activity = نشاط الأمان
overview-hello = مرحبًا { $name }
overview-devices = { $count ->
    [zero] لا أجهزة
    [one] جهاز واحد
    [two] جهازان
    [few] { $count } أجهزة
    [many] { $count } جهازًا
   *[other] { $count } جهاز
}
overview-apps = { $count ->
    [zero] لا تطبيقات
    [one] تطبيق واحد
    [two] تطبيقان
    [few] { $count } تطبيقات
    [many] { $count } تطبيقًا
   *[other] { $count } تطبيق
}
overview-notices-here = التنبيهات مفعّلة هنا
overview-notices-elsewhere = التنبيهات مفعّلة، لكن ليس في هذا المتصفح
overview-notices-off = التنبيهات متوقفة
overview-must-secure = لقد قلت: «لم أكن أنا»
overview-must-secure-text = أُنهي تسجيل الدخول ذاك. أيًا كان، فقد عرف كلمة مرورك: عيّن كلمة جديدة الآن.
overview-question = سجّل أحد الدخول. هل كان هذا أنت؟
overview-question-text = كان جهازًا لا نعرفه بعد. ألقِ نظرة من فضلك.
overview-question-look = ألقِ نظرة
overview-recovery = هناك من يسترد هذا الحساب
overview-recovery-text = طُلب ذلك عبر البريد، ويمكن تعيين كلمة مرور جديدة ابتداءً من { $when }. أنت مسجّل الدخول، فلم يُفقد شيء: أوقفه إن كنت لا تريده.
overview-recovery-ready-text = طُلب ذلك عبر البريد، ويمكن الآن تعيين كلمة مرور جديدة. أنت مسجّل الدخول، فلم يُفقد شيء: أوقفه إن كنت لا تريده.
overview-recovered = كي لا يحدث هذا مرة أخرى
overview-recovered-text = لقد استرددت حسابك، وليس له سوى كلمة مرور. أضف مفتاح مرور: يحفظه هاتفك أو حاسوبك، ويمكن أن يكون لديك عدة مفاتيح.
overview-recovered-button = أضف مفتاح مرور
overview-next-notices = اعرف عندما يسجّل أحد الدخول
overview-next-text = فعّل التنبيهات في هذا المتصفح، وسنسألك عن كل جهاز جديد.
overview-next-elsewhere = التنبيهات مفعّلة لحسابك، لكن ليس في هذا المتصفح.
overview-next-button = إعدادات التنبيهات
overview-all-well = كل شيء على ما يرام
overview-all-well-text = سننبّه هذا المتصفح عندما يسجّل جهاز جديد الدخول.
overview-recent = آخر النشاط
overview-all-activity = كل النشاط
profile-text = ما يمكن للتطبيقات رؤيته عنك، وكيف نخاطبك.
profile-email-hint = تسجّل الدخول بهذا العنوان.
profile-browser-language = كما في متصفحي
profile-time-zone = المنطقة الزمنية
detail-title = المزيد عنك
detail-text = كل هذا اختياري. لا يراه تطبيق إلا إذا سمحت بذلك.
detail-address = عنوانك البريدي
detail-given-name = الاسم الأول
detail-middle-name = الاسم الأوسط
detail-family-name = اسم العائلة
detail-nickname = الكنية
detail-preferred-username = كيف تناديك التطبيقات
detail-birthdate = تاريخ الميلاد
detail-gender = الجنس
detail-website = موقعك
detail-profile = صفحة عنك
detail-picture = عنوان صورة لك
detail-street-address = الشارع ورقم البيت
detail-postal-code = الرمز البريدي
detail-locality = المدينة
detail-region = الولاية أو المنطقة
detail-country = البلد
detail-birthdate-hint = السنة والشهر واليوم، مثل { $example }. مع السنة 0000 لا يُعرف إلا اليوم.
detail-link-hint = ابدأ بـ https://
problem-detail-birthdate = اكتبه هكذا: { $example }.
problem-detail-link = ابدأ بـ https:// ولا تترك فراغات.
problem-detail-text = اكتبه في سطر واحد، بما لا يزيد على 200 حرف.
phone-title = رقم الهاتف
phone-hint = ابدأ بعلامة + ورمز البلد، مثل { $example }. لا تراه التطبيقات إلا إذا سمحت بذلك. أفرغ الحقل لإزالته.
phone-save = حفظ الرقم
phone-none = بلا رقم
sign-in-with = تسجّل الدخول باسم { $email }.
sign-in-changed = آخر تغيير: { $when }.
sign-in-forgot = لم تعد تتذكرها؟
sign-in-no-password = ليس لحسابك كلمة مرور: أنت تسجّل الدخول بطريقة أخرى.
sign-in-set-password = هل تريد واحدة؟
upstream-others-text = سجّل الدخول بحساب لديك في مكان آخر.
upstream-gone = لم يعد متاحًا
upstream-since = رُبط: { $day }
upstream-last-used = آخر استخدام: { $when }
upstream-never-used = لم يُستخدم بعد
upstream-unlink = فصل
upstream-link = اربط { $provider }
upstream-link-another = اربط حسابًا آخر في { $provider }
end-others = سجّل خروج أجهزتي الأخرى
change-password = غيّر كلمة المرور
devices-text = حيث أنت مسجّل الدخول. لا تعرف أحدها؟ سجّل خروجه وغيّر كلمة مرورك.
devices-hint = تسجيل خروج جهاز يوقف تنبيهاته أيضًا. والجهاز المنسي يُعدّ جديدًا إذا سجّل الدخول مجددًا.
device-signed-out = خرج
device-not-known = غير مؤكد
device-now = هنا، الآن
device-last-seen = آخر ظهور: { $when }
device-first-seen = منذ { $day }
device-trusted = بلا خطوة ثانية حتى { $day }
device-ask-again = اسألني هنا مجددًا
sign-out-device = سجّل خروجه
sign-out-others = سجّل خروج كل الأجهزة الأخرى
forget-device = انسَه
app-last-used = آخر استخدام: { $when }
sign-out-app = سجّل الخروج منه
apps-text = تطبيقات سمحت لها برؤية شيء من حسابك.
apps-since = منذ { $day }
apps-remove = اسحب الوصول
apps-empty = لا تطبيق متصل بعد. عندما تسجّل الدخول إلى أحدها بهذا الحساب، يظهر هنا.
activity-text = ما حدث لحسابك، الأحدث أولًا.
activity-filter = اعرض
activity-all = كل شيء
activity-sign-ins = تسجيلات الدخول
activity-changes = التغييرات
activity-apps = التطبيقات
activity-empty = لا شيء هنا بعد.
activity-pages = الصفحات
activity-newest = الأحدث
activity-older = الأقدم


## مفاتيح المرور ومفاتيح الأمان
key-passkey = مفتاح مرور
key-security-key = مفتاح أمان
key-second = استخدم مفتاح مرور أو مفتاح أمان
key-said-cancelled = لم يُستخدم شيء. حاول مرة أخرى، أو سجّل الدخول بطريقة أخرى.
key-said-late = استغرق ذلك وقتًا طويلًا. حاول مرة أخرى.
key-said-unknown = مفتاح المرور هذا لا يفتح حسابًا هنا، وربما أُزيل. استخدم مفتاحًا آخر، أو سجّل الدخول بطريقة أخرى.
key-said-unsupported = لا يستطيع هذا المتصفح استخدام مفاتيح المرور هنا. سجّل الدخول بطريقة أخرى، أو استخدم متصفحًا حديثًا.
key-said-other = مفتاح المرور هذا لحساب آخر. استخدم مفتاحًا للحساب الذي تسجّل الدخول إليه.
key-said-copied = قد تكون هناك نسخة من هذا المفتاح، لذلك لم نقبله. سجّل الدخول بطريقة أخرى وراجع مفاتيح مرورك.
key-said-unverified = لم يتحقق مفتاحك من أنك أنت. حاول مرة أخرى برمزه السري أو ببصمتك، أو سجّل الدخول بطريقة أخرى.
key-said-many = محاولات كثيرة. انتظر بضع دقائق ثم حاول مرة أخرى.
key-said-failed = لم ينجح ذلك. تحقق من اتصالك وحاول مرة أخرى.
passkeys-title = مفاتيح المرور
passkeys-text = سجّل الدخول ببصمتك أو وجهك أو قفل شاشتك. لا شيء تكتبه، ولا شيء تسرقه صفحة مزيفة.
passkeys-empty = لا يوجد مفتاح مرور بعد.
passkeys-add = أضف مفتاح مرور
security-keys-title = مفاتيح الأمان
security-keys-text = مفتاح تصله بجهازك أو تقرّبه منه. متى كان لديك واحد، نطلبه بعد كلمة مرورك.
security-keys-add = أضف مفتاح أمان
key-synced = متزامن
key-bound = على هذا الجهاز فقط
key-created = أُضيف { $day }
key-last-used = آخر استخدام: { $when } في { $device }
key-never-used = لم يُستخدم بعد
key-rename = غيّر الاسم
key-name = الاسم
key-remove = إزالة
key-remove-text = لن يفتح حسابك بعد ذلك.
key-remove-last = هذا آخر مفتاح مرور لك. ستسجّل الدخول بعده بطريقة أخرى.
key-only-way = هذه طريقتك الوحيدة لتسجيل الدخول. أضف طريقة أخرى قبل أن تزيله.
key-name-problem = أعطه اسمًا لا يزيد على 100 حرف.
key-add-said-cancelled = لم يُضف شيء. يمكنك المحاولة مرة أخرى.
key-add-said-late = استغرق ذلك وقتًا طويلًا. لم يُضف شيء، فحاول مرة أخرى.
key-add-said-exists = يوجد هناك واحد لحسابك بالفعل.
key-add-said-unsupported = لا يستطيع هذا المتصفح إنشاء مفاتيح مرور هنا. استخدم متصفحًا حديثًا أو جهازًا آخر.
key-add-said-many = لديك أقصى عدد ممكن. أزل واحدًا أولًا.
key-add-said-taken = هذا المفتاح مستخدم بالفعل. استخدم غيره.
key-add-said-failed = لم ينجح ذلك. تحقق من اتصالك وحاول مرة أخرى.
keys-need-scripts = تحتاج الإضافة إلى JavaScript.
## الخطوة الثانية
mfa-title = خطوة واحدة بعد
mfa-code = رمز من تطبيق المصادقة
mfa-code-hint = ستة أرقام. يعرض التطبيق أرقامًا جديدة كل نصف دقيقة.
mfa-recovery = رمز استرداد
mfa-recovery-hint = أحد الرموز التي حفظتها. يعمل كل رمز مرة واحدة.
mfa-trust = { $days ->
    [zero] لا تسألني على هذا الجهاز لمدة { $days } يوم
    [one] لا تسألني على هذا الجهاز لمدة يوم واحد
    [two] لا تسألني على هذا الجهاز لمدة يومين
    [few] لا تسألني على هذا الجهاز لمدة { $days } أيام
    [many] لا تسألني على هذا الجهاز لمدة { $days } يومًا
   *[other] لا تسألني على هذا الجهاز لمدة { $days } يوم
}
mfa-why = لماذا أُسأل؟
mfa-others = طريقة أخرى
mfa-use-recovery = استخدم رمز استرداد
mfa-use-app = استخدم تطبيق المصادقة
mfa-lost = فقدتُ كل شيء
mfa-not-you = استخدم حسابًا آخر
mfa-nothing = لا يمكن هنا استخدام ما أعددته لهذا الغرض. اطلب المساعدة من القائمين على هذه الخدمة.
mfa-problem-wrong = هذا الرمز لا يعمل. انتظر الرمز التالي، ودع هاتفك يضبط ساعته تلقائيًا.
mfa-problem-wrong-recovery = هذا الرمز لا يعمل. يعمل كل رمز مرة واحدة فقط: خذ التالي في قائمتك.
mfa-problem-closed = جُرِّبت رموز خاطئة كثيرة، ولذلك لم نعد نقبل أيًّا منها. استخدم طريقة أخرى أدناه.
mfa-problem-malformed = رمز التطبيق ستة أرقام، ورمز الاسترداد 24 حرفًا ورقمًا.
enrol-title = أعدّ خطوة ثانية
enrol-text = تمنع الخطوة الثانية كل من يعرف كلمة مرورك. يستغرق إعدادها نحو دقيقتين.
enrol-choose = إعداد
enrol-until = ابتداءً من { $day } ستحتاج إلى خطوة ثانية لتسجيل الدخول هنا. أعدّها الآن أو لاحقًا.
enrol-later = لاحقًا
enrol-need-scripts = تحتاج مفاتيح المرور ومفاتيح الأمان إلى JavaScript.
enrol-nothing = لا يمكن إعداد شيء هنا. إن كانت لحسابك خطوة ثانية، فهي لا تكفي لهذا الدخول: أضف أخرى في صفحة تسجيل الدخول في حسابك ثم عد. إن تعذّر الوصول إليها فاسأل من يديرون هذه الخدمة.
enrol-account = إلى حسابك

## تطبيق المصادقة
totp-title = تطبيق المصادقة
totp-text = تطبيق على هاتفك يعرض رمزًا. نطلبه بعد كلمة المرور، فلا تفتح كلمة المرور وحدها شيئًا.
totp-since = أُعدّ { $day }
totp-last-used = آخر استخدام: { $when }
totp-never-used = لم يُستخدم بعد
totp-add = إعداد تطبيق
totp-replace = إعداد تطبيق آخر
totp-setup-title = أعدّ تطبيق المصادقة
totp-replaces = سيحلّ محلّ التطبيق الذي تستخدمه الآن.
totp-scan = امسح هذا بتطبيق المصادقة. أي تطبيق يفي بالغرض.
totp-qr = رمز QR لتطبيق المصادقة
totp-key = لا توجد كاميرا؟ اكتب هذا المفتاح في التطبيق:
totp-open = افتحه في تطبيق على هذا الجهاز
totp-then = ثم اكتب الرمز الذي يعرضه التطبيق.
totp-submit = أنهِ الإعداد
totp-problem-malformed = الرمز ستة أرقام.
totp-problem-wrong = ليس هذا رمز هذا المفتاح. امسحه مجددًا، أو انتظر الرمز التالي.
totp-problem-clock = المفتاح صحيح، لكن ساعة هاتفك ليست كذلك. دعه يضبط ساعته تلقائيًا، ثم اكتب الرمز الجديد.
totp-remove-title = إزالة تطبيق المصادقة؟
totp-remove-text = لن نطلب رموزه بعد الآن.
totp-remove-alone = عندها تفتح كلمة مرورك وحدها حسابك، وتبطل رموز الاسترداد.
totp-remove-submit = أزل التطبيق
totp-remove-keep = إبقاء

## رموز الاسترداد
codes-title = رموز الاسترداد
codes-text = لليوم الذي لا يكون فيه هاتفك أو مفتاحك في متناول يدك. يعمل كل رمز مرة واحدة.
codes-left = { $count ->
    [zero] لم يبقَ أي رمز
    [one] بقي رمز واحد
    [two] بقي رمزان
    [few] بقيت { $count } رموز
    [many] بقي { $count } رمزًا
   *[other] بقي { $count } رمز
}
codes-made = أُنشئت { $day }
codes-none = ليس لديك رموز بعد.
codes-useless = ترافق الرموز خطوةً ثانية. أعدّ تطبيق مصادقة أولًا.
codes-make = أنشئ رموزًا جديدة
codes-make-title = إنشاء رموز استرداد جديدة؟
codes-make-text = تتوقف الرموز التي لديك عن العمل فورًا.
codes-make-submit = أنشئ رموزًا جديدة
codes-new-title = رموز الاسترداد
codes-new-last = كان هذا آخر رمز استرداد لديك. هذه رموز جديدة.
codes-new-text = احفظها حيث تجدها من دون هاتفك: على ورقة، أو في مدير كلمات مرور. نعرضها الآن فقط.
codes-list = رموز الاسترداد
codes-download = تنزيل
codes-print = طباعة
codes-copy = نسخ
codes-copied = تم النسخ.
codes-done = لقد حفظتها
codes-gone = لا يمكن عرضها بعد الآن. إن لم تكن قد حفظتها فأنشئ رموزًا جديدة.
codes-file-title = { $brand }: رموز الاسترداد لـ { $email }
codes-file-text = يعمل كل رمز مرة واحدة، بدلًا من رمز تطبيق المصادقة أو من مفتاحك.

kept-title = ما نحتفظ به للتنبيهات
kept-text = لكي ترنّ متصفحاتك نحتفظ بما في هذه الصفحة فقط. يمر التنبيه عبر خدمة الإرسال التي يشغّلها صانع متصفحك. ترى تلك الخدمة أن شيئًا أُرسل إليك ومتى، لكنها لا تستطيع قراءته.
kept-endpoint = العنوان
kept-key = المفتاح
kept-secret = السر
kept-secret-text = ستة عشر بايتًا بجانب المفتاح. تُشفَّر التنبيهات بهما معًا حتى لا يقرأها إلا متصفحك. لا يُعرض على أحد.
kept-since = منذ
kept-delivered = آخر تنبيه استُلم
kept-shown = آخر تنبيه عُرض
kept-clicked = آخر تنبيه نُقر عليه
kept-failing = تعذّر الوصول منذ
kept-none = لا نحتفظ بشيء: التنبيهات ليست مشغّلة في أي متصفح.
kept-why = لماذا
kept-why-text = أنشأ متصفحك العنوان والمفتاح والسر عندما شغّلت التنبيهات فيه. من دونها لا نستطيع إخبارك عندما يسجّل أحد الدخول إلى حسابك أو يغيّره. لا تُستخدم لغير ذلك، ولا تُعطى لأحد.
kept-long = إلى متى
kept-long-text = حتى توقف التنبيهات هناك أو تسجّل الخروج هناك أو تحذفها هنا، أو حتى تقول خدمة الإرسال إن المتصفح لم يعد موجودًا، أو حتى ينتهي حسابك. عندها تُحذف فورًا.
kept-notices = { $count ->
    [0] لا نحتفظ بأي تنبيه.
    [one] نحتفظ بتنبيه واحد مشفَّر لمتصفحك حتى لا يُرسل مرتين. يُحذف كل تنبيه بعد شهر من إرساله.
    [two] نحتفظ بتنبيهين مشفَّرين لمتصفحاتك حتى لا يُرسل أي منهما مرتين. يُحذف كل تنبيه بعد شهر من إرساله.
    [few] نحتفظ بـ { $count } تنبيهات مشفَّرة لمتصفحاتك حتى لا يُرسل أي منها مرتين. يُحذف كل تنبيه بعد شهر من إرساله.
   *[other] نحتفظ بـ { $count } تنبيهًا مشفَّرًا لمتصفحاتك حتى لا يُرسل أي منها مرتين. يُحذف كل تنبيه بعد شهر من إرساله.
}
kept-receipts = ومع كل إشعار متى عرضه متصفحك ومتى نُقر عليه هناك، كي لا تأتيك رسالة فوقه.
kept-stays = اختياراتك للمواضيع وأوقات الهدوء تخص حسابك، وللبريد أيضًا، وتبقى. وكذلك نشاط الأمان الذي يذكر تشغيل التنبيهات وإيقافها.
kept-delete = احذفه
kept-delete-text = تنتهي التنبيهات في كل متصفح، ويخبرك بريد بذلك. يمكنك تشغيلها من جديد في أي وقت.
kept-delete-submit = حذف كل شيء

way-off-title = إيقاف هذه الرسائل؟
way-off-text = تصلك رسالة بريد من { $brand } عن: { $topic }. سنتوقف عن إرسالها.
way-off-submit = إيقاف هذه الرسائل
way-off-done-title = توقفت هذه الرسائل
way-off-done = لن تصلك بعد الآن رسائل بريد من { $brand } عن: { $topic }.
way-off-stays = تبقى التنبيهات في متصفحاتك كما هي. وتبقى أيضًا الرسائل عن تغيير ما تسجّل به الدخول، حتى لا يستطيع من يدخل حسابك إسكات هذا التحذير. يمكنك إعادة تشغيل كل شيء من الإعدادات.

## صفحة التنبيهات
notifications-text = هذه الخيارات لحسابك. وهي نفسها في كل متصفح تستخدمه.
notifications-changed = آخر تغيير: { $when } في { $device }.
notifications-changed-plain = آخر تغيير: { $when }.
notifications-changed-now = آخر تغيير قبل لحظات، في هذا المتصفح.
push-state-blocked = محظور
push-turn-on = فعّلها هنا
push-turn-off = أوقفها هنا
push-test = أرسل تجربة
push-is-on = ينبّهك هذا المتصفح عندما يحدث شيء لحسابك.
push-is-off = سنطلب الإذن من متصفحك. تنبيهات الأمان فقط، لا أخبار ولا عروض.
push-is-off-elsewhere = التنبيهات مشغّلة لحسابك ولكن ليس في هذا المتصفح. نقرة واحدة تشغّلها هنا بالاختيارات أدناه.
push-blocked = يحظر متصفحك تنبيهات هذا الموقع. افتح إعدادات الموقع بجانب العنوان، واسمح بالإشعارات، ثم عُد.
push-unsupported = لا يستطيع هذا المتصفح عرض التنبيهات. ستصلك الرسائل أدناه رغم ذلك.
push-install = على iPhone أو iPad أضف هذا الموقع أولًا إلى الشاشة الرئيسية (مشاركة، ثم إضافة إلى الشاشة الرئيسية)، ثم افتحه من هناك.
push-needs-scripts = تحتاج تنبيهات المتصفح إلى JavaScript. ستصلك الرسائل أدناه رغم ذلك.
push-said-on = التنبيهات مفعّلة. أولها في الطريق.
push-said-off = التنبيهات متوقفة في هذا المتصفح.
push-said-sent = أُرسل. سيظهر بعد لحظة.
push-said-later = تجارب كثيرة. انتظر قليلًا من فضلك.
push-said-failed = لم ينجح ذلك. تحقق من اتصالك وحاول مجددًا.
push-said-refused = رفض متصفحك. يمكنك السماح بالتنبيهات في إعدادات الموقع بجانب العنوان.
matrix-title = ما نخبرك به
matrix-topic = الموضوع
matrix-switch = { $topic }، { $channel }
matrix-switch-locked = { $topic }، { $channel } (مفعّل دائمًا)
matrix-locked = رسالة واحدة تُرسل دائمًا: عندما يتغيّر شيء مما تسجّل الدخول به. فلا يستطيع من يدخل حسابك إسكات هذا التحذير.
topic-login-new-device = تسجيل دخول من جهاز جديد
topic-credential-changed = تغيير كلمة المرور أو مفاتيح المرور
topic-app-connected = اتصال تطبيق جديد
channel-push = المتصفح
channel-email = البريد
prefs-saved = تم الحفظ لكل المتصفحات.
prefs-stale = تغيّر شيء في متصفح آخر في هذه الأثناء. وحُفظ اختيارك أيضًا.
prefs-failed = لم يُحفظ. تحقق من اتصالك.
prefs-stands-on = مشغّل الآن
prefs-stands-off = متوقف الآن
quiet-title = أوقات الهدوء
quiet-pause = ليس الآن؟ يمكن للتنبيهات أن تنتظر.
quiet-pause-hour = لمدة ساعة
quiet-pause-until-tomorrow = حتى الغد
quiet-pause-until-resumed = حتى أعيد تشغيلها
quiet-paused = التنبيهات متوقفة مؤقتًا حتى { $when }.
quiet-paused-open = التنبيهات متوقفة مؤقتًا حتى تعيد تشغيلها.
quiet-security-still = تنبيهات الأمان تصل على أي حال.
quiet-resume = إعادة التشغيل
quiet-hours = ساعات هدوء كل يوم
quiet-from = من
quiet-until = إلى
quiet-zone = حسب ساعة منطقتك الزمنية: { $zone }.
quiet-zone-change = تغيير المنطقة الزمنية
quiet-problem = اختر وقتين مختلفين.
quiet-security = تنبيهات الأمان تصل على أي حال
quiet-hide = إخفاء التفاصيل: يقول التنبيه فقط إن هناك شيئًا ما
quiet-later = ما يُؤجَّل يصل بعد ذلك، وما مضى عليه أكثر من أسبوع يبقى في نشاط الأمان فقط. لا تُؤجَّل رسائل البريد، ولا التحذير من أن أحدًا يستولي على حسابك.
quiet-stale = تغيّرت أوقات الهدوء في متصفح آخر في هذه الأثناء. اختيارك ما زال في الحقول: غيّره مرة أخرى للاحتفاظ به.
quiet-stands = تغيّر في متصفح آخر في هذه الأثناء: ساعات الهدوء الآن من { $from } إلى { $until }.
quiet-stands-none = تغيّر في متصفح آخر في هذه الأثناء: لا توجد ساعات هدوء الآن.
quiet-stands-security = تنبيهات الأمان تصل.
quiet-stands-security-not = تنبيهات الأمان تنتظر أيضًا.
quiet-stands-hide = التفاصيل مخفية.
quiet-stands-hide-not = التفاصيل ظاهرة.
browsers-title = متصفحات تصلها التنبيهات
browsers-empty = لا شيء بعد.
browser-added = أُضيف { $day }
browser-delivered = آخر وصول: { $when }
browser-shown = آخر عرض: { $when }
browser-clicked = آخر نقر: { $when }
browser-never = لم يصله شيء بعد
browser-failing = لا يمكن الوصول إليه منذ { $day }
browser-gone = تعذّر الوصول إلى { $device } فأُزيل من القائمة في { $day }. هل ما زلت تستخدمه؟ شغّل التنبيهات هناك من جديد.

## هل كان هذا أنت؟
question-open-title = هل كان هذا أنت؟
question-confirmed-title = كان هذا أنت
question-denied-title = سُجّل الخروج
question-account = سجّل أحد الدخول إلى { $email }.
question-yes = نعم، كان أنا
question-yes-elsewhere = لتقول «نعم»، افتح هذه الصفحة في متصفح استخدمته هنا من قبل.
question-yes-sign-in = كان أنا: سجّل الدخول لتأكيد ذلك
question-no = لا، لم أكن أنا
question-no-does = «لا» تسجّل خروج ذلك الجهاز فورًا. ثم نساعدك على تأمين حسابك.
question-confirmed-text = أخبرتنا أن هذا الجهاز لك. لن نسأل عنه مجددًا.
question-changed-mind = لم أكن أنا في الحقيقة
question-denied-text = سُجّل خروج ذلك الجهاز، وكل تطبيق عليه أيضًا.
question-secure = أمّن حسابي
secure-title = أمّن حسابك
secure-step-ended = سُجّل خروج ذلك الجهاز
secure-step-password = عيّن كلمة مرور جديدة
secure-step-devices = راجع أجهزتك
secure-password = كلمة مرور جديدة
secure-password-text = أيًّا كان، فقد يعرف كلمة مرورك. اختر واحدة جديدة لا تستخدمها في أي مكان آخر.
secure-by-mail = أيًّا كان، فقد يعرف كلمة مرورك. سنرسل رابطًا إلى عنوان بريدك لتختار واحدة جديدة.
secure-review = أجهزتك
secure-review-text = هل تعرفها كلها؟ سجّل خروج ما لا تعرفه.
secure-ways = اطّلع على كل ما يسجّل الدخول إلى حسابك
secure-done = تم

## عبارات
device-both = { $browser } على { $machine }
device-browser = { $browser }
device-machine = متصفح على { $machine }
device-program = برنامج
device-unknown = متصفح غير معروف
place-near = قرب { $city }
span-seconds = { $count ->
    [one] ثانية واحدة
    [two] ثانيتين
    [few] { $count } ثوانٍ
    [many] { $count } ثانية
   *[other] { $count } ثانية
}
span-minutes = { $count ->
    [one] دقيقة واحدة
    [two] دقيقتين
    [few] { $count } دقائق
    [many] { $count } دقيقة
   *[other] { $count } دقيقة
}
span-hours = { $count ->
    [one] ساعة واحدة
    [two] ساعتين
    [few] { $count } ساعات
    [many] { $count } ساعة
   *[other] { $count } ساعة
}
span-days = { $count ->
    [one] يوم واحد
    [two] يومين
    [few] { $count } أيام
    [many] { $count } يومًا
   *[other] { $count } يوم
}
when-today = اليوم { $time }
when-yesterday = أمس { $time }
when-date = { $date }، { $time }
date-short = { $day } { $month }
date-long = { $day } { $month } { $year }
month-1 = يناير
month-2 = فبراير
month-3 = مارس
month-4 = أبريل
month-5 = مايو
month-6 = يونيو
month-7 = يوليو
month-8 = أغسطس
month-9 = سبتمبر
month-10 = أكتوبر
month-11 = نوفمبر
month-12 = ديسمبر

## لماذا نطلب المزيد
reason-own-choice = لقد أعددت خطوة ثانية لحسابك.
reason-policy = يُطلب من كل من يسجّل الدخول هنا خطوة ثانية.
reason-operator = يمكن لحسابك إدارة هذه الخدمة، لذلك نحميه أكثر.
reason-app = التطبيق الذي تنتقل إليه يطلب ذلك.
reason-sensitive-change = أنت على وشك تغيير شيء مهم.
reason-new-device = لا نعرف هذا الجهاز بعد.
reason-new-country = لم تسجّل الدخول من هذا البلد من قبل.
reason-impossible-travel = كان تسجيل الدخول الأخير بعيدًا جدًا مقارنةً بالوقت الذي مضى.
reason-long-inactivity = لم تسجّل الدخول منذ وقت طويل.
reason-many-accounts = جرّب شخص ما حسابات كثيرة من هذه الشبكة.
reason-many-addresses = جرّب شخص ما هذا الحساب من أماكن كثيرة.

## ما حدث
event-account-created = أنشأت حسابك
event-account-invited = دُعي إلى إنشاء حساب
event-registration-requested = أراد أحد التسجيل بعنوانك
event-password-reset-requested = طُلب رابط لتعيين كلمة مرور جديدة
event-login-code-requested = طُلب رمز لتسجيل الدخول
event-login-succeeded = تسجيل دخول
event-login-succeeded-app = تسجيل دخول إلى { $app }
event-login-new-device = سجّل جهاز جديد الدخول
event-login-new-device-app = سجّل جهاز جديد الدخول إلى { $app }
event-login-guessing = كلمات مرور خاطئة كثيرة. أبطأنا المحاولات التالية
event-login-risk-recorded = سُجّل على سبيل التجربة: { $why }
event-login-risk-told = تسجيل دخول غير معتاد. { $why }
event-login-risk-asked = طلبنا خطوة ثانية. { $why }
event-login-risk-refused = أوقفنا تسجيل دخول. { $why }
event-attack-one-address = جرّب شخص ما { $count } من الحسابات من { $network }
event-attack-many-addresses = جُرّبت حسابات من { $count } من العناوين
event-login-guessing-codes = رموز خاطئة كثيرة بعد كلمة مرور صحيحة. أبطأنا المحاولات التالية
event-device-confirmed = قلت إن { $device } لك
event-login-denied = قلت «لم أكن أنا» عن { $device }. وسُجّل خروجه
event-device-forgotten = نُسي { $device }
event-device-trusted = لن يُطلب من { $device } إتمام الخطوة الثانية لفترة
event-device-trust-withdrawn = يُطلب من الأجهزة إتمام الخطوة الثانية مجددًا
event-session-ended-signed-out = تسجيل خروج
event-session-ended-signed-out-by-app = تسجيل خروج من تطبيق
event-session-ended-ended-by-owner = سجّلت خروج { $device }
event-session-ended-denied = سُجّل خروج { $device } لأنه لم يكن أنت
event-session-ended-password-changed = سُجّل خروج { $device } لأن كلمة المرور تغيّرت
event-session-ended-replaced = تسجيل دخول مجددًا في { $device }
event-session-ended-ended-by-operator = سجّل مشغّل خروج { $device }
event-session-ended-restored = سُجّل خروج { $device }: استُعيدت الخدمة من نسخة احتياطية
event-password-changed = تغيّرت كلمة المرور
event-password-reset = عُيّنت كلمة المرور من جديد عبر البريد
event-passkey-added = أُضيف مفتاح المرور { $name }
event-passkey-added-security-key = أُضيف مفتاح الأمان { $name }
event-passkey-removed = أُزيل مفتاح المرور { $name }
event-passkey-removed-security-key = أُزيل مفتاح الأمان { $name }
event-passkey-renamed = صار اسم مفتاح المرور { $name }
event-passkey-renamed-security-key = صار اسم مفتاح الأمان { $name }
event-passkey-copied = رُفض مفتاح المرور { $name }: قد تكون هناك نسخة منه
event-passkey-copied-security-key = رُفض مفتاح الأمان { $name }: قد تكون هناك نسخة منه
event-recovery-requested = طُلب استرداد الحساب
event-recovery-started = بدأ استرداد الحساب
event-recovery-started-operator = بدأ أحد القائمين على الخدمة استرداد الحساب
event-recovery-reminder = استرداد الحساب يوشك أن يجهز
event-recovery-ready = استرداد الحساب جاهز
event-recovery-stopped-asked = أُوقف استرداد الحساب
event-recovery-stopped-signed-in = أُوقف استرداد الحساب، لأنك سجّلت الدخول بخطوتك الثانية
event-recovery-stopped-credential-changed = أُوقف استرداد الحساب، لأنك غيّرت طريقة تسجيل دخولك
event-recovery-stopped-expired = انتهت مهلة استرداد الحساب
event-recovery-stopped-replaced = أُوقف استرداد الحساب، لأن أحد القائمين على الخدمة بدأ غيره
event-recovery-finished = استُرد الحساب: كلمة مرور جديدة، وأُزيل كل ما عداها مما يُسجَّل به الدخول
event-recovery-refused = طُلب استرداد الحساب مرات كثيرة فرُفض
event-recovery-refused-operator = طُلب استرداد الحساب فرُفض: هذا الحساب يدير الخدمة
event-totp-added = أُعدّ تطبيق المصادقة
event-totp-removed = أُزيل تطبيق المصادقة
event-recovery-codes-made = أُنشئت رموز استرداد جديدة
event-recovery-code-used = { $left ->
    [zero] استُخدم آخر رمز استرداد؛ وهناك رموز جديدة
    [one] استُخدم رمز استرداد؛ بقي رمز واحد
    [two] استُخدم رمز استرداد؛ بقي رمزان
    [few] استُخدم رمز استرداد؛ بقيت { $left } رموز
    [many] استُخدم رمز استرداد؛ بقي { $left } رمزًا
   *[other] استُخدم رمز استرداد؛ بقي { $left } رمز
}
event-identity-linked = رُبط { $provider }
event-identity-linked-who = رُبط { $provider } ‏({ $who })
event-identity-unlinked = فُصل { $provider }
event-identity-unlinked-who = فُصل { $provider } ‏({ $who })
event-app-connected = اتصل { $app }
event-app-removed = أُزيل { $app }
event-app-signed-out = تسجيل خروج من { $app }
event-app-asks = طلب { $app } موافقتك
event-app-answered-allowed = سُمح به: { $app }
event-app-answered-denied = رُفض: { $app }
event-app-answered-wrong-number = أرقام خاطئة كثيرة: { $app }
event-app-answer-due = أُبلغ تطبيق بجواب
event-app-logout-due = أُبلغ تطبيق بانتهاء جلسة
event-client-registered = سجّل { $app } نفسه تطبيقًا
event-client-changed = غيّر { $app } تسجيله
event-client-withdrawn = سحب { $app } تسجيله
event-push-enabled = فُعّلت التنبيهات
event-push-test = أُرسل تنبيه تجريبي
event-push-disabled = أُوقفت التنبيهات في { $device }
event-push-gone = لم يعد ممكنًا إيصال التنبيهات إلى { $device }
event-preferences-changed-on = فُعّل «{ $topic }» ({ $channel })
event-preferences-changed-off = أُوقف «{ $topic }» ({ $channel })
event-preferences-quiet = تغيّرت أوقات هدوء التنبيهات
event-profile-changed = تغيّر الملف الشخصي
event-token-exchanged = حصل { $app } على وصول نيابةً عنك عبر { $from }
event-token-replayed = فُصل { $app }: استُخدم مفتاحه مرتين
fact-device = الجهاز
fact-place = المكان
fact-time = الوقت
fact-app = التطبيق
fact-begun = بدأ
fact-ready = يجهز
fact-until = حتى
fact-who = الحساب
fact-scopes = يمكنه
fact-message = يعرض

## التنبيهات
notice-hidden-title = { $brand }: تنبيه أمان
notice-hidden-body = افتحه لتراه.
notice-new-device-title = تسجيل دخول جديد إلى { $brand }
notice-new-device-body = { $facts }. هل كان هذا أنت؟
notice-new-device-body-app = { $facts }، إلى { $app }. هل كان هذا أنت؟
notice-guessing-title = شخص ما يحاول تخمين كلمة مرورك
notice-guessing-body = كلمات مرور خاطئة كثيرة: { $facts }. لقد أبطأنا المحاولات.
notice-odd-sign-in-title = تسجيل دخول غير معتاد إلى { $brand }
notice-odd-sign-in-body = { $facts }. { $why } لم يكن أنت؟ أمّن حسابك الآن.
notice-refused-title = أوقفنا تسجيل دخول إلى { $brand }
notice-refused-body = { $facts }. { $why } لم يكن أنت؟ ربما يعرف شخص ما كلمة مرورك.
notice-guessing-codes-title = شخص ما يعرف كلمة مرورك
notice-guessing-codes-body = كانت كلمة المرور صحيحة والرموز خاطئة: { $facts }. لم تكن أنت؟ غيّرها الآن.
notice-password-changed-title = تغيّرت كلمة المرور
notice-password-changed-body = { $facts }. لم تكن أنت؟ أمّن حسابك الآن.
notice-password-changed-body-mail = عُيّنت عبر البريد: { $facts }. لم تكن أنت؟ أمّن حسابك الآن.
notice-passkey-added-title = أُضيف مفتاح مرور
notice-passkey-added-body = { $name }، { $facts }. لم تكن أنت؟ أزله.
notice-security-key-added-title = أُضيف مفتاح أمان
notice-security-key-added-body = { $name }، { $facts }. لم تكن أنت؟ أزله.
notice-passkey-removed-title = أُزيل مفتاح مرور
notice-security-key-removed-title = أُزيل مفتاح أمان
notice-key-removed-body = { $name }، { $facts }. لم تكن أنت؟ راجع طرق تسجيل دخولك.
notice-key-copied-title = رفضنا أحد مفاتيحك
notice-key-copied-body = قد تكون هناك نسخة من { $name }: { $facts }. راجعه وأزله.
notice-recovery-started-title = بدأ أحد استرداد الحساب
notice-recovery-started-body = { $facts }. يمكن تعيين كلمة مرور جديدة ابتداءً من { $when }، ما لم توقفه.
notice-recovery-started-operator-title = بدأ أحد القائمين على الخدمة استرداد الحساب
notice-recovery-started-operator-body = من لديه الرابط يستطيع الآن تعيين كلمة مرور جديدة، ما لم توقفه.
notice-recovery-reminder-title = استرداد الحساب يوشك أن يجهز
notice-recovery-reminder-body = يمكن تعيين كلمة مرور جديدة ابتداءً من { $when }. لست أنت؟ أوقفه.
notice-recovery-ready-title = استرداد الحساب جاهز
notice-recovery-ready-body = الرابط في بريدك. لست أنت؟ أوقفه الآن.
notice-recovery-stopped-title = أُوقف استرداد الحساب
notice-recovery-stopped-body = { $facts }. لم يتغير شيء.
notice-recovery-stopped-body-signed-in = سجّلت الدخول بخطوتك الثانية، فلم يُفقد شيء. لم يتغير شيء.
notice-recovery-stopped-body-credential-changed = غيّرت طريقة تسجيل دخولك، فلم يُفقد شيء.
notice-recovery-stopped-body-replaced = بدأ أحد القائمين على الخدمة غيره.
notice-recovery-expired-title = انتهت مهلة استرداد الحساب
notice-recovery-expired-body = لم يُتمّه أحد في الوقت المحدد. لم يتغير شيء.
notice-recovery-finished-title = استُرد حسابك
notice-recovery-finished-body = { $facts }. عُيّنت كلمة مرور جديدة. لم تكن أنت؟ أمّن حسابك الآن.
notice-totp-added-title = أُعدّ تطبيق المصادقة
notice-totp-removed-title = أُزيل تطبيق المصادقة
notice-codes-made-title = رموز استرداد جديدة
notice-code-used-title = استُخدم رمز استرداد
notice-factor-body = { $facts }. لم تكن أنت؟ أمّن حسابك الآن.
notice-code-used-body = { $left ->
    [zero] { $facts }. كان آخرها؛ وهناك رموز جديدة. لم تكن أنت؟ أمّن حسابك الآن.
    [one] { $facts }. بقي رمز واحد. لم تكن أنت؟ أمّن حسابك الآن.
    [two] { $facts }. بقي رمزان. لم تكن أنت؟ أمّن حسابك الآن.
    [few] { $facts }. بقيت { $left } رموز. لم تكن أنت؟ أمّن حسابك الآن.
    [many] { $facts }. بقي { $left } رمزًا. لم تكن أنت؟ أمّن حسابك الآن.
   *[other] { $facts }. بقي { $left } رمز. لم تكن أنت؟ أمّن حسابك الآن.
}
notice-identity-linked-title = رُبط { $provider }
notice-identity-linked-body = يمكنه من الآن تسجيل الدخول إلى حسابك. { $facts }. لم تكن أنت؟ أمّن حسابك الآن.
notice-identity-unlinked-title = فُصل { $provider }
notice-identity-unlinked-body = لم يعد يسجّل الدخول إلى حسابك. { $facts }. لم تكن أنت؟ أمّن حسابك الآن.
notice-app-connected-title = اتصل { $app }
notice-app-connected-body = يمكنه الآن رؤية ما سمحت به. ويمكنك إزالته في أي وقت.
notice-app-asks-title = يطلب { $app } موافقتك
notice-app-asks-body = هل يعرض لك «{ $message }»؟ حتى { $time }.
notice-app-asks-body-number = يعرض لك رقمًا لتكتبه. حتى { $time }.
notice-app-answered-title = تمت الإجابة
notice-app-answered-body-allowed = سُمح به في { $device }: { $app }.
notice-app-answered-body-denied = رُفض في { $device }: { $app }.
notice-app-answered-body-wrong-number = أرقام خاطئة كثيرة: { $app }.
notice-push-enabled-title = التنبيهات مفعّلة في هذا المتصفح
notice-push-enabled-body = ستسمع عن تسجيلات الدخول والتغييرات فقط.
notice-push-test-title = إنها تعمل
notice-push-test-body = هذه هي التجربة التي طلبتها عند { $time }.
notice-push-disabled-title = التنبيهات متوقفة في هذا المتصفح
notice-push-disabled-body = هذا آخرها. يمكنك تفعيلها مجددًا في أي وقت.
notice-action-yes = نعم، كان أنا
notice-action-no = لا، أمّن الحساب
notice-action-stop = أوقفه
notice-action-mine = كان أنا
notice-action-secure = أمّن الحساب
notice-action-review = راجع
notice-action-ok = حسنًا
notice-action-manage = إدارة
notice-action-settings = الإعدادات
notice-action-off = إيقاف

## الرسائل
mail-greeting-plain = مرحبًا،
mail-greeting = مرحبًا { $name }،
mail-settings = إعدادات التنبيهات
mail-off = إيقاف هذه الرسائل
mail-never-off = لا يمكن إيقاف هذه الرسالة: إنها التحذير الذي قد يسكته اللص.
mail-confirm-address-subject = أكّد عنوانك في { $brand }
mail-confirm-address-lead = أهلًا بك في { $brand }. نقرة واحدة ويصبح حسابك جاهزًا.
mail-confirm-address-button = أكّد العنوان
mail-confirm-address-after = يعمل الرابط لمدة { $span } ولمرة واحدة. إذا فُتح في متصفح آخر فسيطلب الرمز الظاهر في الأول. لم تطلب هذا؟ لا تفعل شيئًا، ولن يُنشأ حساب.
mail-confirm-address-why = وصلتك هذه الرسالة لأن أحدًا أدخل هذا العنوان في { $brand }.
mail-have-account-subject = لديك حساب في { $brand } بالفعل
mail-have-account-lead = أراد أحد، وعلى الأرجح أنت، إنشاء حساب بهذا العنوان. هناك حساب بالفعل، فلم يتغيّر شيء.
mail-have-account-button = تسجيل الدخول
mail-have-account-after = لم تكن أنت؟ فلا داعي لفعل شيء.
mail-have-account-second = نسيت كلمة المرور؟ عيّن واحدة جديدة
mail-have-account-why = وصلتك هذه الرسالة لأن أحدًا أدخل عنوانك في { $brand }.
mail-invitation-subject = أنت مدعو إلى { $brand }
mail-invitation-lead = أنشئ حسابك بنقرة واحدة، وبها يُؤكَّد عنوانك.
mail-invitation-button = أنشئ حسابي
mail-invitation-after = يعمل الرابط لمدة { $span } ولمرة واحدة. لا تعرف شيئًا عن هذا؟ لا تفعل شيئًا، ولن يُنشأ حساب.
mail-invitation-why = وصلتك هذه الرسالة لأن القائمين على { $brand } دعوا هذا العنوان.
mail-reset-password-subject = عيّن كلمة مرور جديدة لـ { $brand }
mail-reset-password-lead = هذا هو الرابط الذي طلبته.
mail-reset-password-button = اختر كلمة مرور جديدة
mail-reset-password-after = يعمل الرابط لمدة { $span } ولمرة واحدة. لم تطلبه؟ لا تفعل شيئًا: تبقى كلمة مرورك كما هي.
mail-reset-password-why = وصلتك هذه الرسالة لأن أحدًا طلب كلمة مرور جديدة في { $brand }.
mail-sign-in-code-subject = رمزك في { $brand }
mail-sign-in-code-lead = هذا هو الرمز الذي طلبته. اكتبه في المتصفح الذي تسجّل الدخول فيه.
mail-sign-in-code-after = يعمل لمدة { $span } ولمرة واحدة، وفي المتصفح الذي طلبه فقط. لا نسألك عنه أبدًا بالهاتف أو المحادثة. لم تطلبه؟ لا تفعل شيئًا: لا يدخل أحد من دون هذا الرمز.
mail-sign-in-code-why = وصلتك هذه الرسالة لأن أحدًا طلب رمزًا لتسجيل الدخول في { $brand }.
mail-no-sign-in-code-subject = سجّل الدخول إلى { $brand } بطريقة أخرى
mail-no-sign-in-code-lead = طلب أحد رمزًا لتسجيل الدخول إلى حسابك. يتطلب حسابك أكثر من ذلك، فلم نرسل رمزًا: سجّل الدخول بكلمة مرورك أو بمفتاح مرورك في المتصفح الذي بدأت فيه.
mail-no-sign-in-code-after = لم تطلبه؟ لا تفعل شيئًا: لا يدخل أحد بالبريد وحده.
mail-no-sign-in-code-why = وصلتك هذه الرسالة لأن أحدًا طلب رمزًا لتسجيل الدخول في { $brand }.

mail-new-sign-in-subject = تسجيل دخول جديد إلى { $brand }
mail-new-sign-in-lead = سجّل جهاز لا نعرفه الدخول إلى حسابك. هل كان هذا أنت؟
mail-new-sign-in-button = لا، لم أكن أنا
mail-new-sign-in-after = كنت أنت؟ فلا داعي لفعل شيء.
mail-new-sign-in-why = وصلتك هذه الرسالة لأنك تريد أن تعرف عن الأجهزة الجديدة.
mail-guessing-subject = شخص ما يحاول تخمين كلمة مرورك في { $brand }
mail-guessing-lead = أُدخلت كلمات مرور خاطئة كثيرة لحسابك، فأبطأنا المحاولات. ما زال بإمكانك تسجيل الدخول من جهاز أكدته من قبل.
mail-guessing-button = تعيين كلمة مرور جديدة
mail-guessing-after = هل كنت أنت، بكلمة مرور قديمة؟ إذن لا يلزمك فعل شيء.
mail-guessing-why = تصلك هذه الرسالة لأنك تريد أن تعرف بعمليات تسجيل الدخول إلى حسابك.
mail-odd-sign-in-subject = تسجيل دخول غير معتاد إلى { $brand }
mail-odd-sign-in-lead = كان هناك تسجيل دخول غير معتاد إلى حسابك. { $why }
mail-odd-sign-in-button = لم أكن أنا: عيّن كلمة مرور جديدة
mail-odd-sign-in-after = هل كان أنت؟ إذن لا يلزمك فعل شيء.
mail-odd-sign-in-why = تصلك هذه الرسالة لأنك تريد أن تعرف بعمليات تسجيل الدخول إلى حسابك.
mail-refused-subject = أوقفنا تسجيل دخول إلى { $brand }
mail-refused-lead = كان شخص ما على وشك الدخول إلى حسابك، لكن شيئًا ما كان غير معتاد، فلم نسمح لأحد بالدخول. { $why }
mail-refused-button = تعيين كلمة مرور جديدة
mail-refused-after = هل كان أنت؟ سجّل الدخول من جهاز استخدمته من قبل، أو عيّن كلمة مرور جديدة في المتصفح الذي تريد استخدامه. لم يكن أنت؟ إذن ربما يعرف شخص ما كلمة مرورك: عيّن كلمة جديدة الآن.
mail-refused-why = تصلك هذه الرسالة لأنك تريد أن تعرف بعمليات تسجيل الدخول إلى حسابك.
mail-guessing-codes-subject = شخص ما يعرف كلمة مرورك في { $brand }
mail-guessing-codes-lead = كتب شخص ما كلمة المرور الصحيحة لحسابك ثم رموزًا خاطئة كثيرة. لم يدخل أحد. إن لم تكن أنت، فهناك من يعرف كلمة مرورك: عيّن واحدة جديدة.
mail-guessing-codes-button = تعيين كلمة مرور جديدة
mail-guessing-codes-after = هل كنت أنت، بهاتف ساعته خاطئة؟ دعه يضبط ساعته تلقائيًا.
mail-guessing-codes-why = تصلك هذه الرسالة لأنك تريد أن تعرف بعمليات تسجيل الدخول إلى حسابك.
mail-password-changed-subject = تغيّرت كلمة مرورك في { $brand }
mail-password-changed-lead = تغيّرت كلمة مرور حسابك.
mail-password-changed-lead-mail = عُيّنت كلمة مرور حسابك من جديد عبر رابط في رسالة.
mail-password-changed-button = لم أكن أنا: عيّن كلمة مرور جديدة
mail-password-changed-after = كنت أنت؟ فلا داعي لفعل شيء.
mail-password-changed-why = تصلك هذه الرسالة دائمًا، كي لا يستطيع أحد إسكاتها.
mail-passkey-added-subject = أُضيف مفتاح مرور إلى حسابك في { $brand }
mail-passkey-added-lead = مفتاح المرور «{ $key }» يفتح حسابك من الآن.
mail-passkey-added-button = اعرض مفاتيح مرورك
mail-passkey-added-after = لم تكن أنت؟ أزله هناك وغيّر كلمة مرورك.
mail-passkey-added-why = تصلك هذه الرسالة دائمًا، كي لا يستطيع أحد إسكاتها.
mail-passkey-removed-subject = أُزيل مفتاح مرور من حسابك في { $brand }
mail-passkey-removed-lead = لم يعد مفتاح المرور «{ $key }» يفتح حسابك.
mail-passkey-removed-button = اعرض مفاتيح مرورك
mail-passkey-removed-after = لم تكن أنت؟ راجع طرق تسجيل دخولك وغيّر كلمة مرورك.
mail-passkey-removed-why = تصلك هذه الرسالة دائمًا، كي لا يستطيع أحد إسكاتها.
mail-security-key-added-subject = أُضيف مفتاح أمان إلى حسابك في { $brand }
mail-security-key-added-lead = من الآن نطلب عند تسجيل الدخول مفتاح الأمان «{ $key }» أو عاملًا ثانيًا آخر لديك.
mail-security-key-added-button = اعرض مفاتيح أمانك
mail-security-key-added-after = لم تكن أنت؟ أزله هناك وغيّر كلمة مرورك.
mail-security-key-added-why = تصلك هذه الرسالة دائمًا، كي لا يستطيع أحد إسكاتها.
mail-security-key-removed-subject = أُزيل مفتاح أمان من حسابك في { $brand }
mail-security-key-removed-lead = لم يعد مفتاح الأمان «{ $key }» يُحتسب.
mail-security-key-removed-button = اعرض مفاتيح أمانك
mail-security-key-removed-after = لم تكن أنت؟ راجع طرق تسجيل دخولك وغيّر كلمة مرورك.
mail-security-key-removed-why = تصلك هذه الرسالة دائمًا، كي لا يستطيع أحد إسكاتها.
mail-key-copied-subject = رفضنا مفتاحًا لحسابك في { $brand }
mail-key-copied-lead = حاول شخص ما تسجيل الدخول بـ «{ $key }»، لكن المفتاح يعدّ مرات استخدامه، وهذه المرة عدّ إلى الوراء. قد تكون هناك نسخة منه، لذلك لم نسمح له بالدخول.
mail-key-copied-button = اعرض طرق تسجيل دخولك
mail-key-copied-after = إن كان المفتاح معك فأزله هناك وأضفه من جديد. وإن لم يكن معك فأزله.
mail-key-copied-why = تصلك هذه الرسالة لأنك تريد أن تعرف بعمليات تسجيل الدخول إلى حسابك.
mail-recovery-asked-subject = طريق العودة إلى حسابك في { $brand }
mail-recovery-asked-lead = هذا هو الرابط الذي طلبته. يبدأ به انتظار لمدة { $wait }؛ وبعده يمكنك اختيار كلمة مرور جديدة من دون خطوة ثانية.
mail-recovery-asked-button = ابدأ استرداد الحساب
mail-recovery-asked-after = يعمل الرابط لمدة { $span } ولمرة واحدة. لم تطلبه؟ لا تفعل شيئًا: لن يحدث شيء.
mail-recovery-asked-why = وصلتك هذه الرسالة لأن أحدًا طلب استرداد الحساب في { $brand }.
mail-recovery-new-password-subject = عيّن كلمة مرور جديدة لـ { $brand }
mail-recovery-new-password-lead = لا يحتاج حسابك إلا إلى كلمة مرور، فلا داعي للانتظار. هذا هو الرابط.
mail-recovery-new-password-button = اختر كلمة مرور جديدة
mail-recovery-new-password-after = يعمل الرابط لمدة { $span } ولمرة واحدة. لم تطلبه؟ لا تفعل شيئًا: تبقى كلمة مرورك كما هي.
mail-recovery-new-password-why = وصلتك هذه الرسالة لأن أحدًا طلب استرداد الحساب في { $brand }.
mail-recovery-too-often-subject = لا استرداد للحساب في { $brand } حاليًا
mail-recovery-too-often-lead = بدأ استرداد حسابك مرات كثيرة مؤخرًا. يمكن البدء به مجددًا ابتداءً من { $when }.
mail-recovery-too-often-button = عيّن كلمة مرور جديدة
mail-recovery-too-often-after = يمكنك تسجيل الدخول مع ذلك بأي خطوة ثانية لا تزال لديك. لم تكن أنت؟ إذن هناك من يستطيع قراءة بريدك: غيّر كلمة مرور بريدك.
mail-recovery-too-often-why = وصلتك هذه الرسالة لأن أحدًا طلب استرداد الحساب في { $brand }.
mail-recovery-operator-subject = لا يُسترد حسابك في { $brand } عبر البريد
mail-recovery-operator-lead = يستطيع حسابك إدارة { $brand }، فلا يكفي صندوق بريد لاستعادته. اسأل من يستطيع استخدام سطر أوامر الخادم: الأمر «watchbell user recover» ينشئ رابطًا لك.
mail-recovery-operator-after = لم تطلب هذا؟ فلا داعي لفعل شيء.
mail-recovery-operator-why = وصلتك هذه الرسالة لأن أحدًا طلب استرداد الحساب في { $brand }.
mail-recovery-started-subject = بدأ أحد استرداد حسابك في { $brand }
mail-recovery-started-lead = أيًّا كان، فهو يستطيع قراءة بريدك. ابتداءً من { $when } يمكن تعيين كلمة مرور جديدة من دون خطوة ثانية. يمكنك إيقافه حتى ذلك الحين، وحتى بعده.
mail-recovery-started-button = لم أكن أنا: أوقفه
mail-recovery-started-after = كنت أنت؟ فانتظر. سنرسل إليك رابطًا حين يصبح جاهزًا.
mail-recovery-started-why = تصلك هذه الرسالة دائمًا، كي لا يستطيع أحد إسكاتها.
mail-recovery-started-operator-subject = بدأ أحد القائمين على { $brand } استرداد حسابك
mail-recovery-started-operator-lead = أنشأ أحد القائمين على { $brand } رابطًا يعيّن كلمة مرور جديدة لحسابك. لم تطلب منه ذلك؟ أوقفه.
mail-recovery-started-operator-button = لم أكن أنا: أوقفه
mail-recovery-started-operator-after = طلبت منه ذلك؟ فاستخدم الرابط الذي أعطاك إياه.
mail-recovery-started-operator-why = تصلك هذه الرسالة دائمًا، كي لا يستطيع أحد إسكاتها.
mail-recovery-reminder-subject = استرداد حسابك في { $brand } يوشك أن يجهز
mail-recovery-reminder-lead = ابتداءً من { $when } يمكن تعيين كلمة مرور جديدة من دون خطوتك الثانية. إن لم تكن أنت، فأوقفه الآن.
mail-recovery-reminder-button = لم أكن أنا: أوقفه
mail-recovery-reminder-after = كنت أنت؟ فانتظر قليلًا بعد. سنرسل إليك رابطًا حين يصبح جاهزًا.
mail-recovery-reminder-why = تصلك هذه الرسالة دائمًا، كي لا يستطيع أحد إسكاتها.
mail-recovery-ready-subject = يمكنك الآن العودة إلى حسابك في { $brand }
mail-recovery-ready-lead = انتهى الانتظار. اختر كلمة مرور جديدة، وسجّل الدخول بها.
mail-recovery-ready-button = اختر كلمة مرور جديدة
mail-recovery-ready-after = يعمل الرابط حتى { $when } ولمرة واحدة. يسجّل خروجك في كل مكان، ويزيل كل ما عدا ذلك مما يُسجَّل به الدخول: تطبيق المصادقة ورموز الاسترداد ومفاتيح المرور ومفاتيح الأمان والحسابات المرتبطة.
mail-recovery-ready-second = لم أكن أنا: أوقفه
mail-recovery-ready-why = تصلك هذه الرسالة دائمًا، كي لا يستطيع أحد إسكاتها.
mail-recovery-stopped-subject = أُوقف استرداد حسابك في { $brand }
mail-recovery-stopped-lead = لا يمكن إتمامه بعد الآن، ولم يتغير شيء في حسابك.
mail-recovery-stopped-lead-signed-in = سجّل أحد الدخول بخطوتك الثانية، والأرجح أنه أنت، فلم يُفقد شيء. انتهى الاسترداد، ولم يتغير شيء في حسابك.
mail-recovery-stopped-lead-credential-changed = كنت مسجّل الدخول وغيّرت طريقة تسجيل دخولك، فلم يُفقد شيء. انتهى الاسترداد.
mail-recovery-stopped-lead-replaced = بدأ أحد القائمين على الخدمة استردادًا آخر لك.
mail-recovery-stopped-button = عيّن كلمة مرور جديدة
mail-recovery-stopped-after = لم تكن أنت من بدأه؟ إذن هناك من يستطيع قراءة بريدك. غيّر كلمة مرور بريدك أولًا، ثم كلمة مرورك هنا.
mail-recovery-stopped-why = تصلك هذه الرسالة دائمًا، كي لا يستطيع أحد إسكاتها.
mail-recovery-expired-subject = انتهت مهلة استرداد حسابك في { $brand }
mail-recovery-expired-lead = لم يُتمّه أحد في الوقت المحدد، ولم يتغير شيء في حسابك.
mail-recovery-expired-button = ابدأ من جديد
mail-recovery-expired-after = لم تعد تحتاج إليه؟ فلا داعي لفعل شيء.
mail-recovery-expired-why = تصلك هذه الرسالة دائمًا، كي لا يستطيع أحد إسكاتها.
mail-recovery-finished-subject = استُرد حسابك في { $brand }
mail-recovery-finished-lead = عُيّنت كلمة مرور جديدة. وأُزيل كل ما عداها مما كان يُسجَّل به الدخول، وسُجّل خروج كل الأجهزة.
mail-recovery-finished-button = لم أكن أنا: عيّن كلمة مرور جديدة
mail-recovery-finished-after = كنت أنت؟ فسجّل الدخول وأضف مفتاح مرور، كي لا يحدث هذا مرة أخرى. لم تكن أنت؟ إذن هناك من يستطيع قراءة بريدك: غيّر كلمة مرور بريدك أولًا.
mail-recovery-finished-why = تصلك هذه الرسالة دائمًا، كي لا يستطيع أحد إسكاتها.
mail-totp-added-subject = أُعدّ تطبيق مصادقة لحسابك في { $brand }
mail-totp-added-lead = من الآن نطلب رمزًا من هذا التطبيق عندما تسجّل الدخول.
mail-totp-removed-subject = أُزيل تطبيق المصادقة من حسابك في { $brand }
mail-totp-removed-lead = لن نطلب رموزه بعد الآن عندما تسجّل الدخول.
mail-codes-made-subject = رموز استرداد جديدة لحسابك في { $brand }
mail-codes-made-lead = أُنشئت رموز استرداد جديدة. لم تعد الرموز السابقة تعمل.
mail-code-used-subject = استُخدم رمز استرداد لحسابك في { $brand }
mail-code-used-lead = { $left ->
    [zero] فتح رمز استرداد حسابك. كان آخرها، لذلك هناك رموز جديدة: عُرضت بعد تسجيل الدخول.
    [one] فتح رمز استرداد حسابك. بقي رمز واحد.
    [two] فتح رمز استرداد حسابك. بقي رمزان.
    [few] فتح رمز استرداد حسابك. بقيت { $left } رموز.
    [many] فتح رمز استرداد حسابك. بقي { $left } رمزًا.
   *[other] فتح رمز استرداد حسابك. بقي { $left } رمز.
}
mail-factor-button = اعرض طرق تسجيل الدخول
mail-factor-after = لم تكن أنت؟ إذن هناك شخص آخر في حسابك: عيّن كلمة مرور جديدة وراجع أجهزتك.
mail-factor-second = عيّن كلمة مرور جديدة
mail-factor-why = تصلك هذه الرسالة دائمًا، كي لا يستطيع أحد إسكاتها.
mail-identity-linked-subject = رُبط { $provider } بحسابك في { $brand }
mail-identity-linked-lead = رُبط حساب لدى { $provider } بحسابك، ويمكنه من الآن تسجيل الدخول.
mail-identity-linked-button = لم أكن أنا: اعرض طرق تسجيل الدخول
mail-identity-linked-after = كنت أنت؟ فلا داعي لفعل شيء.
mail-identity-linked-why = تصلك هذه الرسالة دائمًا، كي لا يستطيع أحد إسكاتها.
mail-identity-unlinked-subject = لم يعد { $provider } مرتبطًا بحسابك في { $brand }
mail-identity-unlinked-lead = فُصل حساب لدى { $provider } عن حسابك، ولم يعد يسجّل الدخول.
mail-identity-unlinked-button = لم أكن أنا: اعرض طرق تسجيل الدخول
mail-identity-unlinked-after = كنت أنت؟ فلا داعي لفعل شيء.
mail-identity-unlinked-why = تصلك هذه الرسالة دائمًا، كي لا يستطيع أحد إسكاتها.
mail-app-connected-subject = اتصل { $app } بحسابك في { $brand }
mail-app-connected-lead = سمحت لـ { $app } برؤية شيء من حسابك.
mail-app-connected-button = اعرض التطبيقات المتصلة
mail-app-connected-after = لا تعرف هذا التطبيق؟ اسحب وصوله هناك وغيّر كلمة مرورك.
mail-app-connected-why = وصلتك هذه الرسالة لأنك تريد أن تعرف عن التطبيقات الجديدة.
mail-app-asks-subject = يطلب { $app } موافقتك لدى { $brand }
mail-app-asks-lead = يريد { $app } إدخالك أو فعل شيء لك. لن يحدث شيء حتى تسمح به.
mail-app-asks-button = اعرضه أو ارفض
mail-app-asks-after = ينتظر { $span }. لا تسمح به إلا إذا بدأته بنفسك الآن وكان { $app } يعرض لك الشيء نفسه. لم تبدأه؟ ارفض.
mail-app-asks-why = تصلك هذه الرسالة دائمًا حين لا تضغط في أي من متصفحاتك.
mail-push-off-subject = التنبيهات متوقفة في { $device }
mail-push-off-lead = أُوقفت تنبيهات { $brand } في أحد متصفحاتك.
mail-push-off-button = إعدادات التنبيهات
mail-push-off-after = لم تكن أنت؟ راجع أجهزتك وغيّر كلمة مرورك.
mail-push-off-why = وصلتك هذه الرسالة لأن التنبيهات كانت مفعّلة في ذلك المتصفح.
mail-push-gone-subject = لم تعد التنبيهات تصل إلى { $device }
mail-push-gone-lead = لم يعد ممكنًا الوصول إلى أحد متصفحاتك. ربما مُسحت بياناته أو حُظرت التنبيهات فيه.
mail-push-gone-button = إعدادات التنبيهات
mail-push-gone-after = افتح حسابك في ذلك المتصفح وفعّل التنبيهات مجددًا إن كنت لا تزال تستخدمه.
mail-push-gone-why = وصلتك هذه الرسالة لأن التنبيهات كانت مفعّلة في ذلك المتصفح.

## تغييرات تنتظر موافقتك

change-what-email = تغيير عنوان البريد
change-what-password = تغيير كلمة المرور
change-what-phone = تغيير رقم الهاتف
change-what-add-key = إضافة مفتاح مرور أو مفتاح أمان
change-what-remove-key = إزالة مفتاح مرور أو مفتاح أمان
change-what-add-totp = إعداد تطبيق مصادقة
change-what-replace-totp = استبدال تطبيق المصادقة
change-what-remove-totp = إزالة تطبيق المصادقة
change-what-recovery-codes = إنشاء رموز استرداد جديدة
change-what-link = ربط حساب آخر
change-what-unlink = فصل حساب آخر
change-what-export = نسخ كل بياناتك
change-what-delete = حذف الحساب
change-what-grant = منح تطبيق حق الوصول
change-what-notices-off = إيقاف إشعارات الأمان
change-title-asker = أكّد هذا التغيير
change-title-waits = هل هذا أنت؟ أكّد التغيير
change-asker-text = نبّهنا متصفحاتك الأخرى. انقر على الإشعار هناك واكتب هذا الرقم:
change-asker-mail-only = لا ننبّه متصفحاتك لهذا الطلب. اكتب الرمز من البريد بدلًا من ذلك.
change-asker-unrung = أرسلنا إليك رسالة بريد: لا متصفح آخر من متصفحاتك فُعّلت فيه التنبيهات.
change-asker-elsewhere = هل سجّلت الدخول في مكان آخر؟ تجد التغيير هناك في النظرة العامة لحسابك. اكتب هذا الرقم:
change-code-label = لا متصفح آخر لديك؟ نرسل إليك رسالة بعد نصف دقيقة. اكتب رمزها:
change-code-label-now = الرمز من الرسالة إلى عنوانك
change-new-code-label = الرمز من الرسالة إلى { $email }
change-approved = تم التأكيد.
change-waiting = تنتقل هذه الصفحة من تلقاء نفسها. ينتهي الطلب { $when }.
change-wrong-code = { $left ->
    [one] ليس هذا هو الرمز. محاولة واحدة أخرى.
    [two] ليس هذا هو الرمز. محاولتان أخريان.
   *[other] ليس هذا هو الرمز. بقيت { $left } محاولات.
 }
change-too-many-codes = رموز خاطئة كثيرة جدًا. انتظر { $span } من فضلك، ثم اطلب التغيير من جديد، أو أكّده في متصفح آخر.
change-codes-closed = جُرِّبت رموز خاطئة كثيرة، ولذلك لم نعد نقبل أيًّا منها. أكّد التغيير في متصفح آخر، أو عيّن أولًا كلمة مرور جديدة بالبريد.
change-wrong-number = { $left ->
    [one] ليس هذا هو الرقم. محاولة واحدة أخرى.
    [two] ليس هذا هو الرقم. محاولتان أخريان.
   *[other] ليس هذا هو الرقم. بقيت { $left } محاولات.
 }
change-cancel = لا تغيّر شيئًا
change-number-label = الرقم الذي يظهر في المتصفح الآخر
change-approve = نعم، غيّره
change-prove-first = نعم، لكن أثبت أولًا أنني أنا
change-sign-in-first = سجّل الدخول للتأكيد
change-elsewhere = لا يستطيع هذا المتصفح التأكيد: إما أنه هو الذي طلب، أو أنه جديد جدًا. استخدم متصفحًا آخر، أو الرمز من البريد.
change-only-by-mail = طُلبت تغييرات كثيرة جدًا، فلا يستطيع أي متصفح تأكيد هذا. اكتب رمز الرسالة في المتصفح الذي طلب.
change-deny = لا، لا تغيّره
change-deny-secure = لا، وأغلِق حسابي
change-deny-secure-does = الإغلاق يُخرج كل جهاز وتطبيق فورًا ويجمّد كل التغييرات حتى تعود. لا تحتاج إلى رقم لتقول لا.
change-over-applied = تم التغيير
change-over-undone = تم التراجع
change-over-denied = مرفوض
change-over-expired = فات الأوان
change-over-cancelled = أُلغي
change-over-replaced = طُلب من جديد
change-over-withdrawn = سُحب
change-over-wrong-number = محاولات خاطئة كثيرة
change-over-overtaken = لم يعد ممكنًا
change-over-applied-text = أُجري التغيير.
change-over-undone-text = عاد كما كان. الحساب مغلق حتى تعود.
change-over-denied-text = لم يتغيّر شيء. لم تطلب ذلك؟ إذًا هناك شخص آخر في حسابك.
change-over-expired-text = لم يُجب أحد في الوقت المناسب. لم يتغيّر شيء.
change-over-cancelled-text = أُلغي حيث طُلب. لم يتغيّر شيء.
change-over-replaced-text = حلّ طلب أحدث محله. لم يغيّر هذا الطلب شيئًا.
change-over-withdrawn-text = سُجّل خروج المتصفح الذي طلب. لم يتغيّر شيء.
change-over-wrong-number-text = كان الرقم أو الرمز خاطئًا مرات كثيرة. لم يتغيّر شيء. اطلب التغيير من جديد.
change-over-overtaken-text = ما كان سيتغيّر لم يعد موجودًا، أو أُخذ، أو هو طريقك الأخير للدخول. لم يتغيّر شيء.
change-undo = تراجع: لم أكن أنا
change-undo-does = ممكن حتى { $when }. يُسجَّل خروج كل جهاز، ويُغلق الحساب حتى تعود.
change-no-undo = لم يعد التراجع ممكنًا.
change-will-wait = سنطلب منك تأكيده في متصفح آخر أو بالبريد.
change-review = انظر إليه
fact-change = التغيير
fact-before = الآن
fact-after = بعد ذلك
fact-asked-by = طلبه
fact-decided-in = تقرّر في
email-title = تغيير عنوان البريد
email-present = عنوانك الآن هو { $email }.
email-new = العنوان الجديد
email-confirms = سنطلب منك تأكيده في متصفح آخر أو بالبريد، ونرسل رمزًا إلى العنوان الجديد.
email-proves = نرسل رمزًا إلى العنوان الجديد.
email-keep = أبقِه
email-change = تغيير
email-problem-invalid = لا يبدو هذا عنوان بريد.
email-problem-same = هذا عنوانك بالفعل.
data-title = بياناتك
data-text = كل ما يُحفظ عنك هنا، لك أن تأخذه معك أو تنهيه.
data-copy = نسخة
data-copy-text = الملف الشخصي والأجهزة وطرق الدخول والتطبيقات والإشعارات وسجل النشاط، في ملف JSON واحد. بلا كلمات مرور ولا مفاتيح.
data-copy-ask = أنشئ نسخة
data-copy-ready = نسختك جاهزة. يمكن تنزيلها هنا لمدة ساعة.
data-copy-fetch = نزّلها
data-delete = حذف الحساب
data-delete-text = يزول كل شيء دفعة واحدة: الملف الشخصي والأجهزة ووصول التطبيقات وهذا السجل. لا أحد يستطيع إعادته.
data-delete-open = احذف حسابي
data-delete-sure = أعلم أنه لا يمكن إعادة شيء
data-delete-submit = احذف كل شيء
data-delete-operator = هذا الحساب يدير الخدمة. على مشغّل آخر أن ينزع هذا الدور أولًا.
lockdown-title = أغلِق حسابك
lockdown-text = هل هناك شخص آخر في حسابك؟ خطوة واحدة توقفه:
lockdown-does-sessions = يُسجَّل خروج كل جهاز وكل تطبيق، وهذا أيضًا.
lockdown-does-changes = لا يمكن تغيير شيء في الحساب؛ وما ينتظر يُسحب.
lockdown-does-back = تعود بكلمة مرور جديدة عبر البريد، أو بالرابط الذي نرسله إليك مع تسجيل الدخول.
lockdown-submit = أغلِقه الآن
lockdown-not = لا، اتركه كما هو
lockdown-done-title = حسابك مغلق
lockdown-done-text = سُجّل خروج كل جهاز وتطبيق، ولا يمكن تغيير شيء.
lockdown-back = لفتحه من جديد، عيّن كلمة مرور جديدة عبر البريد، أو انقر على الرابط في الرسالة التي أرسلناها إليك وسجّل الدخول.
lockdown-sign-in = سجّل الدخول وافتحه بهذا الرابط
lockdown-sign-in-first = سجّل الدخول أولًا، في متصفح استخدمته من قبل.
lockdown-lift-text = أنت مسجّل الدخول ومعك رابط الرسالة. هل عاد كل شيء إلى يدك؟ إذًا تصبح التغييرات ممكنة من جديد.
lockdown-lift = ارفع الإغلاق
lockdown-link-gone = استُخدم هذا الرابط أو أصبح قديمًا. أما زال حسابك مغلقًا؟ كلمة مرور جديدة عبر البريد تفتحه من جديد.
lockdown-offer = أغلِق حسابي
overview-change = تغيير ينتظر موافقتك
overview-change-text = طُلب في { $device }: { $what }.
overview-ask = يطلب { $app } موافقتك
overview-ask-text = لا تسمح به إلا إذا بدأته بنفسك الآن.
overview-locked = حسابك مغلق
overview-locked-text = لا يمكن تغيير شيء حتى ترفع الإغلاق برابط رسالتنا، أو تعيّن كلمة مرور جديدة عبر البريد.
banner-lockdown-lifted = رُفع الإغلاق. التغييرات ممكنة من جديد.
banner-change-done = تم التأكيد والتغيير.
banner-changes-too-many = طُلبت تغييرات كثيرة جدًا. حاول من جديد بعد ساعة.
banner-change-overtaken = لم يعد ذلك موجودًا، أو أُخذ، أو تغيّر منذ ذلك. لم يتغيّر شيء.
banner-copy-gone = لم يعد تنزيل هذه النسخة ممكنًا. اطلب أخرى.
event-session-ended-locked-down = سُجّل خروج { $device } لأن الحساب أُغلق
event-account-email-changed = تغيّر عنوان البريد إلى { $to }
event-account-phone-changed = تغيّر رقم الهاتف إلى { $to }
event-account-phone-changed-removed = أُزيل رقم الهاتف
event-change-requested = طُلب تغيير: { $what }
event-change-new-address = أُرسل رمز إلى عنوان جديد
event-change-ended-applied = تم التأكيد: { $what }
event-change-ended-undone = تم التراجع: { $what }
event-change-ended-denied = مرفوض: { $what }
event-change-ended-expired = لم يُجب أحد: { $what }
event-change-ended-cancelled = أُلغي: { $what }
event-change-ended-replaced = طُلب من جديد: { $what }
event-change-ended-withdrawn = سُحب: { $what }
event-change-ended-wrong-number = محاولات خاطئة كثيرة: { $what }
event-change-ended-overtaken = لم يعد ممكنًا: { $what }
event-change-undone = تم التراجع: { $what }
event-change-approvals-paused = طلبات كثيرة. لا تُنبَّه المتصفحات لفترة
event-change-denied-often = رُفض { $count } من الطلبات خلال يوم
event-account-locked-down = أُغلق الحساب
event-account-lockdown-lifted = رُفع الإغلاق
event-account-exported = أُنشئت نسخة من كل البيانات
event-account-deleted = حُذف الحساب
topic-change-requested = تغيير أو تطبيق ينتظر موافقتي
notice-change-requested-title = أكّد: { $what }
notice-change-requested-body = { $facts } يطلب ذلك. ينتهي { $time }.
notice-change-requested-body-about = { $facts } يطلب { $about }. ينتهي { $time }.
notice-change-over-title = عولج بالفعل
notice-change-over-body-applied = تم التأكيد في { $device }: { $what }.
notice-change-over-body-undone = تم التراجع في { $device }: { $what }.
notice-change-over-body-denied = رُفض في { $device }: { $what }.
notice-change-over-body-expired = لم يُجب أحد في الوقت المناسب: { $what }.
notice-change-over-body-cancelled = أُلغي حيث طُلب: { $what }.
notice-change-over-body-replaced = حلّ طلب أحدث محله: { $what }.
notice-change-over-body-withdrawn = سُحب: { $what }.
notice-change-over-body-wrong-number = محاولات خاطئة كثيرة: { $what }.
notice-change-over-body-overtaken = لم يعد ممكنًا: { $what }.
notice-email-changed-title = تغيّر عنوان البريد
notice-email-changed-body = { $facts }. لم تكن أنت؟ يمكننا التراجع.
notice-phone-changed-title = تغيّر رقم الهاتف
notice-phone-changed-body = { $facts }: { $before } ← { $after }. لم تكن أنت؟ يمكننا التراجع.
notice-password-changed-body-undo = { $facts }. لم تكن أنت؟ يمكننا التراجع.
notice-change-undone-title = تم التراجع: { $what }
notice-change-undone-body = { $facts }. سُجّل خروج كل جهاز وأُغلق الحساب.
notice-approvals-paused-title = طلبات كثيرة جدًا
notice-approvals-paused-body = { $facts } طلب تغييرًا بعد آخر. لن ننبّهك لمزيد حتى { $time }.
notice-denied-often-title = هناك من يعبث بحسابك
notice-denied-often-body = { $facts }: رُفض { $count } من الطلبات خلال يوم. أمّن حسابك الآن.
notice-locked-down-title = حسابك مغلق
notice-locked-down-body = { $facts }. سُجّل خروج كل جهاز. لا يمكن تغيير شيء حتى تعود.
notice-lockdown-lifted-title = رُفع الإغلاق
notice-lockdown-lifted-body = { $facts }. لم تكن أنت؟ أمّن حسابك الآن.
notice-exported-title = أُنشئت نسخة من بياناتك
notice-exported-body = { $facts }. لم تكن أنت؟ أمّن حسابك الآن.
notice-action-deny = لا، ارفض
notice-action-undo = تراجع
mail-change-requested-subject = أكّد لدى { $brand }: { $what }
mail-change-requested-lead = شخص ما، على الأرجح أنت، يطلب: { $what }. لا يتغيّر شيء حتى تؤكده: اكتب هذا الرمز في المتصفح الذي طلب.
mail-change-requested-button = انظر إليه أو ارفضه
mail-change-requested-after = يعمل الرمز لمدة { $span }. لا نطلبه منك أبدًا بالهاتف أو في محادثة. لم تطلب ذلك؟ ارفضه وأغلِق حسابك.
mail-change-requested-why = تصلك هذه الرسالة دائمًا، كي لا يستطيع أحد إسكاتها.
mail-new-address-subject = رمزك لدى { $brand }
mail-new-address-lead = شخص ما يريد استخدام هذا العنوان لدى { $brand }. إن كنت أنت، فاكتب هذا الرمز في المتصفح الذي طلب.
mail-new-address-after = يعمل لمدة { $span }. لم تطلبه؟ إذًا لا تفعل شيئًا.
mail-new-address-why = تصلك هذه الرسالة لأن شخصًا ما أدخل هذا العنوان لدى { $brand }.
mail-address-taken-subject = لديك حساب لدى { $brand } بالفعل
mail-address-taken-lead = أراد شخص ما استخدام هذا العنوان لحساب آخر. له حساب بالفعل، فلم يتغيّر شيء.
mail-address-taken-after = هل كنت أنت؟ سجّل الدخول إلى ذلك الحساب، أو استخدم عنوانًا آخر.
mail-address-taken-why = تصلك هذه الرسالة لأن شخصًا ما أدخل هذا العنوان لدى { $brand }.
mail-email-changed-subject = تغيّر عنوان حسابك لدى { $brand }
mail-email-changed-lead = من الآن تذهب رسائل حسابك إلى عنوان آخر. هذه آخر رسالة هنا.
mail-email-changed-button = لم أكن أنا: تراجع
mail-email-changed-after = يعمل الرابط ثلاثة أيام. يعيد هذا العنوان، ويُخرج كل جهاز، ويغلق الحساب حتى تعود. كنت أنت؟ إذًا لا شيء عليك فعله.
mail-email-changed-why = تصلك هذه الرسالة دائمًا، كي لا يستطيع أحد إسكاتها.
mail-phone-changed-subject = تغيّر رقم هاتف حسابك لدى { $brand }
mail-phone-changed-lead = قبل: { $before }. الآن: { $after }.
mail-phone-changed-button = لم أكن أنا: تراجع
mail-phone-changed-after = يعمل الرابط ثلاثة أيام. يعيد الرقم، ويُخرج كل جهاز، ويغلق الحساب حتى تعود. كنت أنت؟ إذًا لا شيء عليك فعله.
mail-phone-changed-why = تصلك هذه الرسالة دائمًا، كي لا يستطيع أحد إسكاتها.
mail-password-changed-undo = لم أكن أنا: تراجع
mail-change-undone-subject = تم التراجع لدى { $brand }: { $what }
mail-change-undone-lead = تم التراجع عن تغيير في حسابك. سُجّل خروج كل جهاز، والحساب مغلق.
mail-change-undone-button = عيّن كلمة مرور جديدة
mail-change-undone-after = هذا يعيدك. من أجرى التغيير قد يعرف كلمة مرورك القديمة: اختر جديدة.
mail-change-undone-why = تصلك هذه الرسالة دائمًا، كي لا يستطيع أحد إسكاتها.
mail-approvals-paused-subject = طلبات تغيير كثيرة لدى { $brand }
mail-approvals-paused-lead = طُلب تغيير بعد آخر في حسابك. حتى { $time } لا ننبّه متصفحاتك لمزيد؛ والرسائل تستمر.
mail-approvals-paused-button = لم أكن أنا: كلمة مرور جديدة
mail-approvals-paused-after = كنت أنت؟ إذًا لا شيء عليك فعله.
mail-approvals-paused-why = تصلك هذه الرسالة دائمًا، كي لا يستطيع أحد إسكاتها.
mail-denied-often-subject = هناك من يعبث بحسابك لدى { $brand }
mail-denied-often-lead = رُفض { $count } من طلبات التغيير خلال يوم. من طلبها مسجّل الدخول إلى حسابك.
mail-denied-often-button = عيّن كلمة مرور جديدة
mail-denied-often-after = هذا يُخرج كل الآخرين.
mail-denied-often-why = تصلك هذه الرسالة دائمًا، كي لا يستطيع أحد إسكاتها.
mail-locked-down-subject = حسابك لدى { $brand } مغلق
mail-locked-down-lead = قال شخص ما: «لم أكن أنا». سُجّل خروج كل جهاز وتطبيق، ولا يمكن تغيير شيء حتى تعود.
mail-locked-down-button = عيّن كلمة مرور جديدة
mail-locked-down-second = كل شيء على ما يرام؟ سجّل الدخول وارفع الإغلاق
mail-locked-down-after = كلاهما يعيدك.
mail-locked-down-why = تصلك هذه الرسالة دائمًا، كي لا يستطيع أحد إسكاتها.
mail-lockdown-lifted-subject = رُفع إغلاق حسابك لدى { $brand }
mail-lockdown-lifted-lead = أصبحت التغييرات في حسابك ممكنة من جديد.
mail-lockdown-lifted-button = لم أكن أنا: كلمة مرور جديدة
mail-lockdown-lifted-after = كنت أنت؟ إذًا لا شيء عليك فعله.
mail-lockdown-lifted-why = تصلك هذه الرسالة دائمًا، كي لا يستطيع أحد إسكاتها.
mail-exported-subject = أُنشئت نسخة من بياناتك لدى { $brand }
mail-exported-lead = نزّل شخص ما نسخة من كل ما يُحفظ عنك.
mail-exported-button = لم أكن أنا: كلمة مرور جديدة
mail-exported-after = كنت أنت؟ إذًا لا شيء عليك فعله.
mail-exported-why = تصلك هذه الرسالة دائمًا، كي لا يستطيع أحد إسكاتها.
mail-deleted-subject = حُذف حسابك لدى { $brand }
mail-deleted-lead = زال كل ما كان يُحفظ عنك. هذه آخر رسالة.
mail-deleted-after = شكرًا لأنك كنت هنا.
mail-deleted-why = تصلك هذه الرسالة لأن حسابك حُذف.
mail-notices-off-subject = أُوقفت إشعارات حول حسابك لدى { $brand }
mail-notices-off-lead = أوقف شخص ما، على الأرجح أنت، هذه الإشعارات: «{ $topic }» ({ $channel }).
mail-notices-off-button = شغّلها من جديد
mail-notices-off-after = كنت أنت؟ إذًا لا شيء عليك فعله.
mail-notices-off-why = تصلك هذه الرسالة دائمًا، كي لا يستطيع أحد إسكات الجرس خفية.
mail-notices-quiet-subject = إشعارات الأمان لحسابك لدى { $brand } لن ترنّ
mail-notices-quiet-lead = أوقف شخص ما، على الأرجح أنت، الإشعارات مؤقتًا أو حدّد أوقات هدوء تشمل إشعارات الأمان أيضًا. تنتظر حتى تنتهي، وتبقى الرسائل تصل.
mail-notices-quiet-button = دعها ترنّ من جديد
mail-notices-quiet-after = كنت أنت؟ إذًا لا شيء عليك فعله.
mail-notices-quiet-why = تصلك هذه الرسالة دائمًا، كي لا يستطيع أحد إسكات الجرس خفية.
