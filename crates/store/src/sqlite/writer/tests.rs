//! Who shares a transaction, and what its commit waits for.

use super::*;

async fn writer(dir: &tempfile::TempDir) -> Arc<Writer> {
    let path = dir.path().join("test.db");
    let file = Arc::new(File::take(path.to_str().unwrap(), false).unwrap());
    let writer = Arc::new(Writer::open(file, Duration::from_secs(2), Arc::new(Notify::new())).unwrap());
    let mut turn = writer.begin(Durability::Synced).await.unwrap();
    turn.group().unwrap().run("CREATE TABLE t (n INTEGER PRIMARY KEY) STRICT").unwrap();
    turn.commit(false).await.unwrap();
    writer
}

fn insert(turn: &mut Turn, n: u32) -> QueryResult<()> {
    turn.group().unwrap().run(&format!("INSERT INTO t VALUES ({n})"))
}

/// Has somebody stand in line before whoever has the turn is done, and so before the committer.
async fn line_up(writer: &Arc<Writer>, durability: Durability) -> tokio::task::JoinHandle<Turn> {
    let writer = Arc::clone(writer);
    let turn = tokio::spawn(async move { writer.begin(durability).await.unwrap() });
    tokio::time::sleep(Duration::from_millis(20)).await;
    turn
}

/// Begins three in a row, of which the first commits at once; gives back the second and third, waiting.
async fn queue(writer: &Arc<Writer>) -> (tokio::task::JoinHandle<Result<(), Fault>>, Turn) {
    let mut first = writer.begin(Durability::Synced).await.unwrap();
    let second = line_up(writer, Durability::Synced).await;
    insert(&mut first, 1).unwrap();
    let answer = tokio::spawn(first.commit(false));
    (answer, second.await.unwrap())
}

#[tokio::test]
async fn nobody_is_answered_before_the_shared_commit() {
    let dir = tempfile::tempdir().unwrap();
    let writer = writer(&dir).await;
    let (answer, mut second) = queue(&writer).await;
    insert(&mut second, 2).unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!answer.is_finished());
    drop(second);
    answer.await.unwrap().unwrap();
    let mut next = writer.begin(Durability::Synced).await.unwrap();
    insert(&mut next, 2).unwrap();
    assert!(insert(&mut next, 1).is_err(), "the first was kept, the dropped one was not");
}

#[tokio::test]
async fn whoever_is_dropped_leaves_nothing_whether_first_or_not() {
    let dir = tempfile::tempdir().unwrap();
    let writer = writer(&dir).await;
    let mut first = writer.begin(Durability::Synced).await.unwrap();
    insert(&mut first, 1).unwrap();
    drop(first);
    let (answer, mut second) = queue(&writer).await;
    insert(&mut second, 2).unwrap();
    drop(second);
    answer.await.unwrap().unwrap();
    let mut next = writer.begin(Durability::Synced).await.unwrap();
    assert!(insert(&mut next, 1).is_err(), "it was kept, and only once");
    insert(&mut next, 2).unwrap();
    next.commit(false).await.unwrap();
}

#[tokio::test]
async fn when_the_shared_transaction_is_lost_everybody_in_it_gets_a_fault() {
    let dir = tempfile::tempdir().unwrap();
    let writer = writer(&dir).await;
    let (answer, mut second) = queue(&writer).await;
    // What SQLite does by itself when the disk is full.
    second.group().unwrap().run("ROLLBACK").unwrap();
    assert!(second.commit(false).await.is_err());
    assert!(answer.await.unwrap().is_err());
    let mut next = writer.begin(Durability::Synced).await.unwrap();
    insert(&mut next, 1).unwrap();
    next.commit(false).await.unwrap();
}

/// What SQLite's commits wait for.
fn level(turn: &mut Turn) -> i64 {
    #[derive(diesel::QueryableByName)]
    struct Level {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        synchronous: i64,
    }
    use diesel::RunQueryDsl;
    let conn = turn.conn().unwrap();
    diesel::sql_query("PRAGMA synchronous").get_result::<Level>(conn).unwrap().synchronous
}

const NORMAL: i64 = 1;
const FULL: i64 = 2;

#[tokio::test]
async fn whoever_need_not_wait_for_the_disk_does_not() {
    let dir = tempfile::tempdir().unwrap();
    let writer = writer(&dir).await;
    for (durability, expected) in [
        (Durability::Written, NORMAL),
        (Durability::Synced, FULL),
        (Durability::Redone, NORMAL),
        (Durability::Synced, FULL),
    ] {
        let mut turn = writer.begin(durability).await.unwrap();
        assert_eq!(level(&mut turn), expected);
        turn.commit(false).await.unwrap();
    }
}

#[tokio::test]
async fn whoever_needs_the_disk_shares_no_transaction_that_does_not_wait_for_it() {
    let dir = tempfile::tempdir().unwrap();
    let writer = writer(&dir).await;
    let mut first = writer.begin(Durability::Written).await.unwrap();
    let second = line_up(&writer, Durability::Synced).await;
    insert(&mut first, 1).unwrap();
    let answer = tokio::spawn(first.commit(false));
    let mut second = second.await.unwrap();
    assert_eq!(level(&mut second), FULL);
    assert!(!second.savepoint, "it has a transaction of its own");
    answer.await.unwrap().unwrap();
    // And what comes along with one that waits for the disk waits for it too.
    let third = line_up(&writer, Durability::Written).await;
    insert(&mut second, 2).unwrap();
    let answer = tokio::spawn(second.commit(false));
    let mut third = third.await.unwrap();
    assert_eq!(level(&mut third), FULL);
    assert!(third.savepoint, "it comes along");
    insert(&mut third, 3).unwrap();
    third.commit(false).await.unwrap();
    answer.await.unwrap().unwrap();
    let mut next = writer.begin(Durability::Synced).await.unwrap();
    for n in 1..=3 {
        assert!(insert(&mut next, n).is_err(), "{n} was kept");
    }
}

#[tokio::test]
async fn whoever_needs_the_disk_goes_on_when_those_before_it_could_not_be_kept() {
    let dir = tempfile::tempdir().unwrap();
    let writer = writer(&dir).await;
    let mut first = writer.begin(Durability::Written).await.unwrap();
    let second = line_up(&writer, Durability::Synced).await;
    insert(&mut first, 1).unwrap();
    // What SQLite does by itself when the disk is full.
    first.group().unwrap().run("ROLLBACK").unwrap();
    let answer = tokio::spawn(first.commit(false));
    let mut second = second.await.unwrap();
    assert!(answer.await.unwrap().is_err());
    assert_eq!(level(&mut second), FULL);
    insert(&mut second, 1).unwrap();
    second.commit(false).await.unwrap();
}
