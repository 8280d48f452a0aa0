//! The memory of an engine: what may be written to a disk shares most of it fairly, and never all,
//! so that there is room for what has to be merged of it, and for joins.

use std::fmt::{self, Display, Formatter};
use std::sync::{Mutex, MutexGuard, PoisonError};

use datafusion::common::{DataFusionError, Result, resources_datafusion_err};
use datafusion::execution::memory_pool::{
    MemoryConsumer, MemoryLimit, MemoryPool, MemoryReservation,
};

/// A pool of so many bytes.
#[derive(Debug)]
pub struct Pool {
    bytes: usize,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    /// How many there are who can write to a disk, and the bytes that they have.
    spilling: usize,
    spillable: usize,
    /// The bytes of all others.
    fixed: usize,
}

impl Pool {
    /// A pool of so many bytes.
    pub fn new(bytes: usize) -> Self {
        Self { bytes, taken: Mutex::default() }
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The most that one may have who can write to a disk.
    fn share(&self, taken: &Taken) -> usize {
        let all = (self.bytes / 4 * 3).min(self.bytes.saturating_sub(taken.fixed));
        all / taken.spilling.max(1)
    }

    fn refused(
        &self,
        reservation: &MemoryReservation,
        more: usize,
        left: usize,
    ) -> DataFusionError {
        resources_datafusion_err!(
            "{} asks for {} more, and {} of {} are left to it",
            reservation.consumer().name(),
            mib(more),
            mib(left),
            mib(self.bytes)
        )
    }
}

fn mib(bytes: usize) -> String {
    format!("{} MiB", bytes.div_ceil(1 << 20))
}

impl Display for Pool {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} of memory", mib(self.bytes))
    }
}

impl MemoryPool for Pool {
    fn name(&self) -> &'static str {
        "annostore"
    }

    fn register(&self, consumer: &MemoryConsumer) {
        if consumer.can_spill() {
            self.taken().spilling += 1;
        }
    }

    fn unregister(&self, consumer: &MemoryConsumer) {
        if consumer.can_spill() {
            let mut taken = self.taken();
            taken.spilling = taken.spilling.saturating_sub(1);
        }
    }

    fn grow(&self, reservation: &MemoryReservation, more: usize) {
        let mut taken = self.taken();
        if reservation.consumer().can_spill() {
            taken.spillable += more;
        } else {
            taken.fixed += more;
        }
    }

    fn shrink(&self, reservation: &MemoryReservation, less: usize) {
        let mut taken = self.taken();
        let of = if reservation.consumer().can_spill() {
            &mut taken.spillable
        } else {
            &mut taken.fixed
        };
        *of = of.saturating_sub(less);
    }

    fn try_grow(&self, reservation: &MemoryReservation, more: usize) -> Result<()> {
        let mut taken = self.taken();
        if reservation.consumer().can_spill() {
            let left = self.share(&taken).saturating_sub(reservation.size());
            if more > left {
                return Err(self.refused(reservation, more, left));
            }
            taken.spillable += more;
        } else {
            let left = self.bytes.saturating_sub(taken.fixed + taken.spillable);
            if more > left {
                return Err(self.refused(reservation, more, left));
            }
            taken.fixed += more;
        }
        Ok(())
    }

    fn reserved(&self) -> usize {
        let taken = self.taken();
        taken.spillable + taken.fixed
    }

    fn memory_limit(&self) -> MemoryLimit {
        MemoryLimit::Finite(self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn what_can_spill_shares_three_quarters_and_leaves_the_rest() {
        let pool: Arc<dyn MemoryPool> = Arc::new(Pool::new(400));
        let of =
            |name: &str, spills| MemoryConsumer::new(name).with_can_spill(spills).register(&pool);
        let (one, merge) = (of("sort", true), of("merge", false));
        one.try_grow(300).unwrap();
        let refused = one.try_grow(1).unwrap_err();
        assert!(matches!(refused, DataFusionError::ResourcesExhausted(_)), "{refused}");
        merge.try_grow(100).unwrap();
        assert!(merge.try_grow(1).is_err());
        let other = of("sort", true);
        other.try_grow(150).unwrap();
        assert!(other.try_grow(1).is_err());
        drop((one, other));
        merge.try_grow(300).unwrap();
        assert_eq!(pool.reserved(), 400);
        drop(merge);
        assert_eq!(pool.reserved(), 0);
    }
}
