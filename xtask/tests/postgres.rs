//! The private PostgreSQL: it starts, it answers, and it leaves nothing behind.

use std::net::TcpStream;

use xtask::postgres::Cluster;

#[test]
fn a_cluster_answers_and_leaves_nothing_behind() {
    let cluster = Cluster::start().expect("PostgreSQL starts");
    let url = cluster.url();
    let port: u16 = url.split([':', '/']).filter_map(|part| part.parse().ok()).next().expect("the address has a port");
    assert!(TcpStream::connect(("127.0.0.1", port)).is_ok(), "{url} answers");
    let folder = cluster.folder().to_path_buf();
    assert!(folder.exists());
    drop(cluster);
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err(), "the server has ended");
    assert!(!folder.exists(), "its folder is gone");
}
