//! The native socket layer: carries plans out on a loopback port.

use std::io::{self, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::connect_info::Connected;
use axum::extract::{ConnectInfo, Request, State};
use axum::response::{IntoResponse, Response};
use axum::serve::{IncomingStream, Listener};
use http::header::{CONNECTION, HeaderValue};
use http_body::{Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Sleep, sleep};

use crate::{End, Options, Plan, Sandbox, date};

/// More than any request to a review platform needs.
const BODY_LIMIT: usize = 1 << 20;

/// A sandbox that listens.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    sandbox: Mutex<Sandbox>,
    log: Option<Mutex<Box<dyn Write + Send>>>,
}

impl Server {
    /// Takes a port on 127.0.0.1; port 0 takes a free one. The port is open when this returns.
    ///
    /// `log` gets one line for each request, in which secrets are marks.
    ///
    /// # Errors
    ///
    /// When the port cannot be taken.
    pub async fn bind(
        port: u16,
        options: Options,
        log: Option<Box<dyn Write + Send>>,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        let sandbox = Mutex::new(Sandbox::new(options));
        let shared = Arc::new(Shared {
            sandbox,
            log: log.map(Mutex::new),
        });
        Ok(Self {
            listener,
            address,
            shared,
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Serves until the future is dropped.
    ///
    /// # Errors
    ///
    /// When the listener fails for good.
    pub async fn serve(self) -> io::Result<()> {
        let app = Router::new().fallback(answer).with_state(self.shared);
        let listener = Cuttable(self.listener);
        axum::serve(
            listener,
            app.into_make_service_with_connect_info::<Switch>(),
        )
        .await
    }
}

async fn answer(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(switch): ConnectInfo<Switch>,
    request: Request,
) -> Response {
    let method = request.method().clone();
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, BODY_LIMIT).await else {
        let close = [(CONNECTION, HeaderValue::from_static("close"))];
        return (http::StatusCode::PAYLOAD_TOO_LARGE, close).into_response();
    };
    let now = now_ms();
    let plan = {
        let mut sandbox = shared
            .sandbox
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        sandbox.handle(now, Request::from_parts(parts, body.to_vec()))
    };
    if let Some(log) = &shared.log {
        let status = plan.status.as_u16();
        let target = &plan.masked_target;
        let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
        // A full disk must not end the sandbox.
        let _written = writeln!(log, "{} {method} {target} {status}", date::iso(now));
        let _flushed = log.flush();
    }
    carry_out(plan, &switch).await
}

async fn carry_out(plan: Plan, switch: &Switch) -> Response {
    if plan.delay_ms > 0 {
        sleep(Duration::from_millis(plan.delay_ms)).await;
    }
    match (plan.end, plan.chunks.is_empty()) {
        (End::Hang, true) => std::future::pending::<()>().await,
        (End::Cut, true) => switch.set(CUT),
        _ => {}
    }
    let chunks = plan.chunks.into_iter().map(Bytes::from).collect();
    let body = Chunks {
        chunks,
        end: plan.end,
        pause: Duration::from_millis(plan.pause_ms),
        wait: None,
        switch: switch.clone(),
        before_cut: None,
    };
    let mut response = Response::new(Body::new(body));
    *response.status_mut() = plan.status;
    *response.headers_mut() = plan.headers;
    // Browsers send a request again, unasked, when a reused connection breaks: a cut would be
    // hidden. So no connection is reused. Node takes a reset for the end of a body where this
    // header stands.
    if plan.end != End::Cut {
        response
            .headers_mut()
            .insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

fn now_ms() -> u64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// A body in pieces that may end in a cut or never.
struct Chunks {
    chunks: std::collections::VecDeque<Bytes>,
    end: End,
    /// Between two chunks.
    pause: Duration,
    wait: Option<Pin<Box<Sleep>>>,
    switch: Switch,
    before_cut: Option<Pin<Box<Sleep>>>,
}

impl http_body::Body for Chunks {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(wait) = &mut self.wait {
            ready!(wait.as_mut().poll(context));
            self.wait = None;
        }
        match (self.chunks.pop_front(), self.end) {
            (Some(chunk), _) => {
                if !self.pause.is_zero() && !self.chunks.is_empty() {
                    self.wait = Some(Box::pin(sleep(self.pause)));
                }
                Poll::Ready(Some(Ok(Frame::data(chunk))))
            }
            (None, End::Whole) => Poll::Ready(None),
            (None, End::Hang) => Poll::Pending,
            (None, End::Cut) => {
                // Time for what was written to leave and to be read before the reset arrives.
                let wait = self
                    .before_cut
                    .get_or_insert_with(|| Box::pin(sleep(BEFORE_RESET)));
                if wait.as_mut().poll(context).is_pending() {
                    return Poll::Pending;
                }
                self.switch.set(RESET);
                Poll::Ready(Some(Err(io::Error::other("cut"))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.chunks.is_empty() && self.end == End::Whole
    }

    fn size_hint(&self) -> SizeHint {
        match self.end {
            End::Whole => {
                SizeHint::with_exact(self.chunks.iter().map(|chunk| chunk.len() as u64).sum())
            }
            End::Cut | End::Hang => SizeHint::default(),
        }
    }
}

/// What is to become of one connection: nothing, or one of the fates below.
#[derive(Clone, Debug, Default)]
struct Switch(Arc<AtomicU8>);

/// To be cut before the headers.
const CUT: u8 = 1;
/// Cut before the headers.
const CLOSED: u8 = 2;
/// To be reset: nothing more is written, and there is no orderly end.
const RESET: u8 = 3;

/// How long the other side has for reading what came before a reset.
const BEFORE_RESET: Duration = Duration::from_millis(30);

impl Switch {
    fn set(&self, fate: u8) {
        self.0.store(fate, Ordering::Relaxed);
    }

    fn fate(&self) -> u8 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Connected<IncomingStream<'_, Cuttable>> for Switch {
    fn connect_info(stream: IncomingStream<'_, Cuttable>) -> Self {
        stream.io().switch.clone()
    }
}

/// A listener whose connections can be cut from inside a handler.
struct Cuttable(TcpListener);

impl Listener for Cuttable {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.0).await;
        let _without = stream.set_nodelay(true);
        (
            Connection {
                stream,
                switch: Switch::default(),
            },
            address,
        )
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

struct Connection {
    stream: TcpStream,
    switch: Switch,
}

impl Connection {
    /// Sends three letters of a status line and ends the connection.
    ///
    /// Browsers send a GET again, unasked, as long as no byte came back: Firefox up to ten times,
    /// Chromium after a reset. More letters than these Chromium would take for an answer.
    fn poll_cut(&mut self, context: &mut Context<'_>) -> Poll<io::Error> {
        let sent = ready!(Pin::new(&mut self.stream).poll_write(context, b"HTT"));
        self.switch.set(CLOSED);
        Poll::Ready(
            sent.err()
                .unwrap_or_else(|| io::ErrorKind::ConnectionAborted.into()),
        )
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if self.switch.fate() == RESET {
            // An orderly end is what some engines take for a complete answer.
            let _without = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.switch.fate() {
            CUT => return self.poll_cut(context).map(Err),
            CLOSED | RESET => return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into())),
            _ => {}
        }
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.switch.fate() == RESET {
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.switch.fate() {
            CUT => return self.poll_cut(context).map(Err),
            CLOSED | RESET => return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into())),
            _ => {}
        }
        Pin::new(&mut self.stream).poll_write_vectored(context, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
