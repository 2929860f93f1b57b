//! Interpreters of formulas: tokens, a tree by precedence, names, and messages of errors; and one
//! whose tree is of objects that are made by a parser into which no derivative goes.

use std::collections::HashMap;
use std::iter::Peekable;
use std::str::Chars;

use num_dual::DualNum;

use crate::support::check;

const POINT: [f64; 3] = [0.9, -0.7, 0.4];

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Number(f64),
    Name(String),
    Operator(char),
    Open,
    Close,
}

#[derive(Debug, Clone)]
enum Tree {
    Number(f64),
    Variable(String),
    Negative(Box<Tree>),
    Binary(Box<Tree>, char, Box<Tree>),
    Call(String, Vec<Tree>),
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let chars: Vec<char> = text.chars().collect();
    let (mut found, mut i) = (Vec::new(), 0);
    while i < chars.len() {
        let start = i;
        match chars[i] {
            ' ' => i += 1,
            '0'..='9' | '.' => {
                while i < chars.len() && (chars[i].is_ascii_digit() || chars[i] == '.') {
                    i += 1;
                }
                let digits: String = chars[start..i].iter().collect();
                found.push(Token::Number(digits.parse().map_err(|e| format!("{e}"))?));
            }
            'a'..='z' => {
                while i < chars.len() && chars[i].is_alphanumeric() {
                    i += 1;
                }
                found.push(Token::Name(chars[start..i].iter().collect()));
            }
            other => {
                i += 1;
                found.push(match other {
                    '(' => Token::Open,
                    ')' => Token::Close,
                    '+' | '-' | '*' | '/' | '^' => Token::Operator(other),
                    _ => return Err(format!("unexpected {other}")),
                });
            }
        }
    }
    Ok(found)
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    fn close(&mut self) -> Result<(), String> {
        if self.next() == Some(Token::Close) { Ok(()) } else { Err("expected )".into()) }
    }

    fn tree(&mut self, least: u8) -> Result<Tree, String> {
        let mut left = match self.next() {
            Some(Token::Number(n)) => Tree::Number(n),
            Some(Token::Name(name)) if self.peek() == Some(&Token::Open) => {
                self.next();
                let argument = self.tree(0)?;
                self.close()?;
                Tree::Call(name, vec![argument])
            }
            Some(Token::Name(name)) => Tree::Variable(name),
            Some(Token::Operator('-')) => Tree::Negative(Box::new(self.tree(5)?)),
            Some(Token::Open) => {
                let inner = self.tree(0)?;
                self.close()?;
                inner
            }
            other => return Err(format!("unexpected {other:?}")),
        };
        while let Some(Token::Operator(operator)) = self.peek().cloned() {
            let (before, behind) = match operator {
                '+' | '-' => (1, 2),
                '*' | '/' => (3, 4),
                '^' => (7, 6),
                _ => unreachable!(),
            };
            if before < least {
                break;
            }
            self.next();
            let right = self.tree(behind)?;
            left = Tree::Binary(Box::new(left), operator, Box::new(right));
        }
        Ok(left)
    }
}

fn value<T: DualNum<f64> + Copy>(tree: &Tree, names: &HashMap<String, T>) -> Result<T, String> {
    Ok(match tree {
        Tree::Number(n) => T::from(*n),
        Tree::Variable(name) => *names.get(name).ok_or_else(|| format!("unknown {name}"))?,
        Tree::Negative(inner) => -value(inner, names)?,
        Tree::Binary(left, operator, right) => {
            let (a, b) = (value(left, names)?, value(right, names)?);
            match operator {
                '+' => a + b,
                '-' => a - b,
                '*' => a * b,
                '/' => a / b,
                '^' => a.powd(b),
                _ => return Err(format!("no operator {operator}")),
            }
        }
        Tree::Call(name, arguments) => {
            let a = value(&arguments[0], names)?;
            match name.as_str() {
                "sin" => a.sin(),
                "exp" => a.exp(),
                "sqrt" => a.sqrt(),
                _ => return Err(format!("no function {name}")),
            }
        }
    })
}

fn formula<T: DualNum<f64> + Copy>(x: &[T]) -> T {
    let text = "a * sin(b + 2.5) ^ 2 - exp(-c / 3) + sqrt(a) * (b - 1)";
    let tree = Parser { tokens: tokens(text).unwrap(), at: 0 }.tree(0).unwrap();
    let names = ["a", "b", "c"].iter().map(|s| s.to_string()).zip(x.iter().copied()).collect();
    value(&tree, &names).unwrap()
}

#[test]
fn a_formula_that_is_parsed_and_computed() {
    check!(formula, &POINT);
}

/// A node that computes itself; names are places in `x`, by their length.
trait Node<T> {
    fn value(&self, x: &[T]) -> Result<T, String>;
}

type Object<T> = Box<dyn Node<T>>;

struct Constant(f64);
struct Name(String);
struct Pair<T>(char, Object<T>, Object<T>);
struct Function<T>(String, Object<T>);

impl<T: DualNum<f64> + Copy> Node<T> for Constant {
    fn value(&self, _: &[T]) -> Result<T, String> {
        Ok(T::from(self.0))
    }
}

impl<T: DualNum<f64> + Copy> Node<T> for Name {
    fn value(&self, x: &[T]) -> Result<T, String> {
        x.get(self.0.len() - 1).copied().ok_or_else(|| format!("no {}", self.0))
    }
}

impl<T: DualNum<f64> + Copy> Node<T> for Pair<T> {
    fn value(&self, x: &[T]) -> Result<T, String> {
        let (a, b) = (self.1.value(x)?, self.2.value(x)?);
        Ok(match self.0 {
            '+' => a + b,
            '-' => a - b,
            '*' => a * b,
            '/' => a / b,
            other => return Err(other.to_string()),
        })
    }
}

impl<T: DualNum<f64> + Copy> Node<T> for Function<T> {
    fn value(&self, x: &[T]) -> Result<T, String> {
        let a = self.1.value(x)?;
        match self.0.as_str() {
            "sin" => Ok(a.sin()),
            "exp" => Ok(a.exp()),
            other => Err(other.into()),
        }
    }
}

/// Makes objects of text.
struct Maker<'a>(Peekable<Chars<'a>>);

impl Maker<'_> {
    fn spaces(&mut self) {
        while self.0.next_if(|c| c.is_whitespace()).is_some() {}
    }

    fn sum<T: DualNum<f64> + Copy + 'static>(&mut self) -> Object<T> {
        let mut a = self.product();
        loop {
            self.spaces();
            let Some(c) = self.0.next_if(|c| *c == '+' || *c == '-') else { return a };
            let b = self.product();
            a = Box::new(Pair(c, a, b));
        }
    }

    fn product<T: DualNum<f64> + Copy + 'static>(&mut self) -> Object<T> {
        let mut a = self.factor();
        loop {
            self.spaces();
            let Some(c) = self.0.next_if(|c| *c == '*' || *c == '/') else { return a };
            let b = self.factor();
            a = Box::new(Pair(c, a, b));
        }
    }

    fn factor<T: DualNum<f64> + Copy + 'static>(&mut self) -> Object<T> {
        self.spaces();
        let mut word = String::new();
        while let Some(c) = self.0.next_if(|c| c.is_alphanumeric() || *c == '.') {
            word.push(c);
        }
        if word.is_empty() {
            self.0.next();
            let inner = self.sum();
            self.spaces();
            self.0.next();
            return inner;
        }
        if let Ok(number) = word.parse() {
            return Box::new(Constant(number));
        }
        if self.0.next_if_eq(&'(').is_some() {
            let inner = self.sum();
            self.spaces();
            self.0.next();
            return Box::new(Function(word, inner));
        }
        Box::new(Name(word))
    }
}

fn formula_of_objects<T: DualNum<f64> + Copy + 'static>(x: &[T]) -> T {
    let text = "a * sin(bb + 2 * a) - (ccc / (1.5 + bb*bb)) * exp(0.3 * a)";
    let object = Maker(text.chars().peekable()).sum();
    object.value(&x.to_vec()).unwrap()
}

#[test]
fn a_formula_of_objects_that_unseen_code_makes() {
    check!(formula_of_objects, &POINT);
}
