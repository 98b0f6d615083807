//! Records through a stream: each second so many are put, and each shard is read once. Beside it the kernel's bare loop
//! with as many events.

use super::bare::bare;
use super::records::{RECORDS_A_SECOND, Stream};
use crate::{compare, wanted};

const SECONDS: u64 = 20;
const RECORDS: u64 = RECORDS_A_SECOND * SECONDS;

pub fn run() {
    let name = "stream: PutRecords, GetRecords, each record";
    if wanted(name) {
        let mut stream = Stream::new();
        compare(name, RECORDS, || (0..SECONDS).map(|_| stream.second()).sum::<u64>(), || bare(1, RECORDS / 2));
    }
}
