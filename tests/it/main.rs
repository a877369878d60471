//! Stories: what the product promises, told from outside, on both databases.

mod accounts;
mod bell;
mod codes;
mod crash;
mod devices;
mod edge;
mod joining;
mod logout;
mod passwords;
mod refresh;
