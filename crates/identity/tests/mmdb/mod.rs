//! A small writer of the MaxMind DB format, version 2.0 (https://maxmind.github.io/MaxMind-DB/), enough for
//! tests: an IPv6 tree with 24-bit records, maps of strings, numbers.

use std::net::IpAddr;

/// A value of the data section.
pub enum Value {
    /// UTF-8 text.
    Text(&'static str),
    /// A map.
    Map(Vec<(&'static str, Value)>),
    /// A 16-bit number.
    U16(u16),
    /// A 32-bit number.
    U32(u32),
    /// A 64-bit number.
    U64(u64),
    /// A number with a fraction.
    Double(f64),
    /// A list.
    List(Vec<Value>),
}

#[derive(Clone, Copy)]
enum Branch {
    Nothing,
    Node(usize),
    Data(usize),
}

/// A database in the making.
pub struct Writer {
    nodes: Vec<[Branch; 2]>,
    data: Vec<u8>,
}

impl Default for Writer {
    fn default() -> Self {
        Self::new()
    }
}

impl Writer {
    /// An empty one.
    pub fn new() -> Self {
        Self { nodes: vec![[Branch::Nothing; 2]], data: Vec::new() }
    }

    /// Gives a network its entry. IPv4 networks live under `::/96`.
    pub fn insert(mut self, network: &str, value: &Value) -> Self {
        let (address, length) = network.split_once('/').unwrap();
        let length: usize = length.parse().unwrap();
        let (bits, length) = match address.parse().unwrap() {
            IpAddr::V4(v4) => (u128::from(u32::from(v4)), length + 96),
            IpAddr::V6(v6) => (u128::from(v6), length),
        };
        let at = self.data.len();
        encode(value, &mut self.data);
        let mut node = 0;
        for depth in 0..length {
            let side = usize::from((bits >> (127 - depth)) & 1 == 1);
            if depth + 1 == length {
                self.nodes[node][side] = Branch::Data(at);
            } else if let Branch::Node(next) = self.nodes[node][side] {
                node = next;
            } else {
                self.nodes.push([Branch::Nothing; 2]);
                let next = self.nodes.len() - 1;
                self.nodes[node][side] = Branch::Node(next);
                node = next;
            }
        }
        self
    }

    /// The file.
    pub fn finish(self, database_type: &'static str, build_epoch: u64) -> Vec<u8> {
        let count = self.nodes.len();
        let mut file = Vec::new();
        for branch in self.nodes.iter().flatten() {
            let record = match branch {
                Branch::Nothing => count,
                Branch::Node(node) => *node,
                Branch::Data(at) => count + 16 + at,
            };
            file.extend_from_slice(&u32::try_from(record).unwrap().to_be_bytes()[1..]);
        }
        file.extend_from_slice(&[0; 16]);
        file.extend_from_slice(&self.data);
        file.extend_from_slice(b"\xab\xcd\xefMaxMind.com");
        let metadata = Value::Map(vec![
            ("binary_format_major_version", Value::U16(2)),
            ("binary_format_minor_version", Value::U16(0)),
            ("build_epoch", Value::U64(build_epoch)),
            ("database_type", Value::Text(database_type)),
            ("description", Value::Map(vec![("en", Value::Text("made for a test"))])),
            ("ip_version", Value::U16(6)),
            ("languages", Value::List(vec![Value::Text("en")])),
            ("node_count", Value::U32(u32::try_from(count).unwrap())),
            ("record_size", Value::U16(24)),
        ]);
        encode(&metadata, &mut file);
        file
    }
}

fn encode(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Text(text) => {
            control(2, text.len(), out);
            out.extend_from_slice(text.as_bytes());
        }
        Value::Map(entries) => {
            control(7, entries.len(), out);
            for (key, value) in entries {
                encode(&Value::Text(key), out);
                encode(value, out);
            }
        }
        Value::List(items) => {
            control(11, items.len(), out);
            items.iter().for_each(|item| encode(item, out));
        }
        Value::Double(n) => number(3, &n.to_be_bytes(), out),
        Value::U16(n) => number(5, &n.to_be_bytes(), out),
        Value::U32(n) => number(6, &n.to_be_bytes(), out),
        Value::U64(n) => number(9, &n.to_be_bytes(), out),
    }
}

fn number(kind: u8, bytes: &[u8], out: &mut Vec<u8>) {
    control(kind, bytes.len(), out);
    out.extend_from_slice(bytes);
}

/// The control byte: three bits of type, five of size; types above 7 have a byte of their own.
fn control(kind: u8, size: usize, out: &mut Vec<u8>) {
    let (size, more) = if size < 29 { (size, None) } else { (29, Some(size - 29)) };
    let size = u8::try_from(size).unwrap();
    if kind > 7 {
        out.extend_from_slice(&[size, kind - 7]);
    } else {
        out.push(kind << 5 | size);
    }
    if let Some(more) = more {
        out.push(u8::try_from(more).unwrap());
    }
}
