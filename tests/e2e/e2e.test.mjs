// Everything that real browsers prove.

import './rig.test.mjs';
import './asks.test.mjs';
import './bell.test.mjs';
import './changes.test.mjs';
import './guide.test.mjs';
import './passkeys.test.mjs';
import './recovery.test.mjs';
import './sign-in.test.mjs';
import './steering.test.mjs';
import './upstream.test.mjs';
