//! Answers at once: the first wins, and nothing is done twice or by halves.

use super::*;
use futures_util::future::join_all;
use testkit::stories;

/// Ready to be decided: the new address has proven itself.
async fn ready(house: &House, laptop: &mut Browser) -> (String, String) {
    let page = ask_for_email(laptop, NEW).await;
    let change = path(&page);
    let code = house.post.take(NEW, "Your code").await.code().unwrap();
    give_code(laptop, &change, ("new_code", &code)).await;
    (change, number(&page))
}

stories! {
    /// Two browsers at once, one yes and one no: whichever comes first, all see the same end, and it is what was done.
    async fn a_yes_and_a_no_at_once_have_one_end(house: House) {
        let (mut laptop, mut phone) = two_browsers(&house).await;
        let mut tablet = known(&house, &mut laptop).await;
        let (change, number) = ready(&house, &mut laptop).await;
        let (approve, deny) = (format!("{change}/approve"), format!("{change}/deny"));
        let (number, nothing) = ([("number".to_owned(), number)], []);
        let yes = phone.post(&approve, &number);
        let no = tablet.post(&deny, &nothing);
        futures_util::future::join(yes, no).await;
        let seen = phone.open(&change).await.text();
        let is = address(&mut laptop).await;
        let ends = tablet.open(&change).await.text();
        if is == NEW {
            assert!(seen.contains("Changed") && ends.contains("Changed"), "{seen}");
        } else {
            assert!(seen.contains("Denied") && ends.contains("Denied"), "{seen}");
        }
    }

    /// Twenty times yes at once: it is done once, and told once.
    async fn twenty_yeses_at_once_do_it_once(house: House) {
        let (mut laptop, phone) = two_browsers(&house).await;
        let (change, number) = ready(&house, &mut laptop).await;
        let mut phones: Vec<Browser> = (0..20).map(|_| phone.clone()).collect();
        let approve = format!("{change}/approve");
        let fields = [("number".to_owned(), number)];
        join_all(phones.iter_mut().map(|phone| phone.post(&approve, &fields))).await;
        assert_eq!(address(&mut laptop).await, NEW);
        let page = laptop.open("/account/activity").await.text();
        assert_eq!(page.matches(&format!("Mail address changed to {NEW}")).count(), 1, "{page}");
    }

    /// A hundred numbers at once are three.
    async fn a_hundred_numbers_at_once_are_three_tries(house: House) {
        let (mut laptop, phone) = two_browsers(&house).await;
        let (change, _) = ready(&house, &mut laptop).await;
        let approve = format!("{change}/approve");
        let tried: Vec<_> = (0..100).map(|n| [("number".to_owned(), format!("{:02}", n % 10))]).collect();
        let mut phones: Vec<Browser> = tried.iter().map(|_| phone.clone()).collect();
        join_all(phones.iter_mut().zip(&tried).map(|(phone, fields)| phone.post(&approve, fields))).await;
        laptop.open(&change).await.says("Too many wrong tries");
        assert_eq!(address(&mut laptop).await, JANE);
    }
}
