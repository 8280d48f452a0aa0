//! Cycles among links, without recursion: chains of Parents may be as long as the file.

#[derive(Clone, Copy, PartialEq)]
enum Mark {
    New,
    OnPath,
    Done,
}

/// The members of each cycle among links from feature to Parent, at least one cycle for each knot
/// of them. Sorts the links.
pub fn find(links: &mut Vec<(u64, u64)>) -> Vec<Vec<u64>> {
    links.sort_unstable();
    links.dedup();
    let mut features: Vec<u64> = links.iter().map(|it| it.0).collect();
    features.dedup();
    let mut walk = Walk {
        marks: vec![Mark::New; features.len()],
        links,
        features: &features,
        path: Vec::new(),
        cycles: Vec::new(),
    };
    for root in 0..features.len() {
        walk.from(root);
    }
    walk.cycles
}

struct Walk<'a> {
    links: &'a [(u64, u64)],
    features: &'a [u64],
    marks: Vec<Mark>,
    /// Features that have been entered and not been left, each with the next of its links to
    /// follow.
    path: Vec<(usize, usize)>,
    cycles: Vec<Vec<u64>>,
}

impl Walk<'_> {
    fn from(&mut self, root: usize) {
        self.enter(root);
        while let Some((feature, link)) = self.path.last_mut() {
            let next = self.links.get(*link).filter(|it| it.0 == self.features[*feature]);
            *link += 1;
            match next.map(|it| self.features.binary_search(&it.1)) {
                Some(Ok(parent)) => self.enter(parent),
                // A Parent that has no Parent itself is in no cycle.
                Some(Err(_)) => {}
                None => {
                    self.marks[*feature] = Mark::Done;
                    self.path.pop();
                }
            }
        }
    }

    fn enter(&mut self, feature: usize) {
        match self.marks[feature] {
            Mark::Done => {}
            Mark::New => {
                self.marks[feature] = Mark::OnPath;
                let name = self.features[feature];
                self.path.push((feature, self.links.partition_point(|it| it.0 < name)));
            }
            Mark::OnPath => {
                let members = self.path.iter().rev().map(|it| it.0);
                let members = members.take_while(|it| *it != feature).chain([feature]);
                self.cycles.push(members.map(|it| self.features[it]).collect());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cycles(links: &[(u64, u64)]) -> Vec<Vec<u64>> {
        let mut found = find(&mut links.to_vec());
        for members in &mut found {
            members.sort_unstable();
        }
        found
    }

    #[test]
    fn cycles_are_found_once() {
        assert_eq!(cycles(&[(1, 2), (2, 3), (3, 1), (4, 1)]), [[1, 2, 3]]);
        assert_eq!(cycles(&[(1, 2), (2, 1), (5, 6), (6, 5)]).len(), 2);
    }

    #[test]
    fn several_parents_are_no_cycle() {
        assert!(cycles(&[(4, 2), (4, 3), (2, 1), (3, 1)]).is_empty());
    }

    #[test]
    fn a_chain_may_be_as_long_as_a_file() {
        let chain: Vec<_> = (0..200_000).map(|it| (it, it + 1)).collect();
        assert!(cycles(&chain).is_empty());
        let ring: Vec<_> = chain.into_iter().chain([(200_000, 0)]).collect();
        assert_eq!(cycles(&ring)[0].len(), 200_001);
    }
}
