//! Answers to authorization requests, signed where the app wants them so.

use crate::here::Here;
use crate::visitor::Step;
use base::Fault;
use oauth::response::Reply;

impl Here {
    /// The step that takes an answer back to its app.
    pub(super) fn respond(&self, reply: Reply) -> Result<Step, Fault> {
        let Some(alg) = reply.signed_with() else { return Ok(Step::answer(reply.plain(self.issuer()))) };
        let now = self.now();
        Ok(Step::answer(reply.signed(self.issuer(), self.keys().signer(alg, now)?, now)?))
    }
}
