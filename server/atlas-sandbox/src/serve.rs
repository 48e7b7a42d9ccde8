//! Serving on a socket whose connections can be cut on purpose. A handler cannot close its connection, so the stream
//! itself carries a switch: once it is off, the next write fails, and hyper drops the connection without an answer.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll},
};

use axum::{
    extract::connect_info::Connected,
    serve::{IncomingStream, Listener},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
};

use crate::request::{Line, Peer};

/// Accepts connections that can be cut.
pub(crate) struct CuttableListener(pub(crate) TcpListener);

impl Listener for CuttableListener {
    type Io = CuttableStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        let (stream, address) = Listener::accept(&mut self.0).await;
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "the sandbox could not turn off Nagle's algorithm");
        }
        (CuttableStream { stream, line: Line::default(), ahead: &[] }, address)
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.0.local_addr()
    }
}

impl Connected<IncomingStream<'_, CuttableListener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, CuttableListener>) -> Self {
        Self { address: *stream.remote_addr(), line: stream.io().line.clone() }
    }
}

/// A connection with a switch.
pub(crate) struct CuttableStream {
    stream: TcpStream,
    line: Line,
    /// What is left to send of a 102.
    ahead: &'static [u8],
}

/// An informational answer, which hyper does not send.
const PROCESSING: &[u8] = b"HTTP/1.1 102 Processing\r\n\r\n";

impl AsyncRead for CuttableStream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for CuttableStream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        if self.line.is_cut() {
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        let this = self.get_mut();
        if this.line.take_announcement() {
            this.ahead = PROCESSING;
        }
        while !this.ahead.is_empty() {
            match Pin::new(&mut this.stream).poll_write(cx, this.ahead) {
                Poll::Ready(Ok(sent)) => this.ahead = &this.ahead[sent..],
                other => return other,
            }
        }
        Pin::new(&mut this.stream).poll_write(cx, buf)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}
